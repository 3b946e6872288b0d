import { useEffect } from 'react';
import type { Watch } from '../../engine/api/detail.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { partitionInFocus } from '../view-model/lanes/model.ts';
import { useApp, useLayout, useRun, useSelection } from '../state/binding.ts';

/** Asks the session for what the page shows beyond the frames: records of a partition, configuration of a thing, stores. */
export function Watcher() {
  const { actions } = useApp();
  const rung = useSelection((state) => state.rung);
  const focusPartition = useSelection((state) => state.focusPartition);
  const records = useRun((state) =>
    rung === 'partition'
      ? (partitionInFocus({ entities: state.model.entities, focusPartition })?.id ?? null)
      : null,
  );
  const selected = useSelection((state) => state.selected);
  const wantsConfig = useLayout((state) => state.inspectorTab === 'config');
  const config = useRun((state) =>
    wantsConfig && selected !== null ? configOwner(state.model.entities, selected) : null,
  );
  const scenario = useRun((state) => state.scenario);
  const wantsStores = useLayout((state) => state.evidence && state.evidenceTab === 'queries');
  useEffect(() => {
    const watches: Watch[] = [];
    if (records !== null) watches.push({ id: records, what: 'records' });
    if (config !== null) watches.push({ id: config, what: 'config' });
    if (wantsStores)
      for (const { id } of scenario?.applications ?? [])
        watches.push({ id: `application:${id}`, what: 'stores' });
    actions.watch(watches);
  }, [actions, records, config, wantsStores, scenario]);
  return null;
}

/** Whose configuration is shown for an entity: machines and topics have one, others belong to one of these. */
export function configOwner(entities: ReadonlyMap<EntityId, Entity>, id: EntityId): EntityId | null {
  const entity = entities.get(id);
  switch (entity?.kind) {
    case 'node':
    case 'topic':
      return entity.id;
    case 'partition':
      return `topic:${entity.topic}`;
    case 'producer':
      return entity.node;
    case 'task':
      return entity.instance === '' ? null : entity.instance;
    case 'application':
      return entity.instances[0] ?? null;
    case 'group':
      return entity.assignmentEpoch === undefined && entity.share === undefined
        ? (entity.members[0]?.node ?? null)
        : entity.id;
    default:
      return null;
  }
}
