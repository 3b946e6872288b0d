import { useMemo } from 'react';
import type { Entity } from '../../engine/api/frame.ts';
import { Button } from '../widgets/button.tsx';
import { TabPanel, Tabs } from '../widgets/tabs.tsx';
import { useApp, useLayout, useReadableRun, useSelection } from '../state/binding.ts';
import { machineOf } from '../state/acts.ts';
import type { InspectorTab } from '../state/view-stores.ts';
import type { Names } from '../view-model/caption.ts';
import { ActsBar } from './acts-bar.tsx';
import { ConfigTab } from './config-tab.tsx';
import { EventsTab } from './events-tab.tsx';
import styles from './inspector.module.css';
import { StateTab } from './state-tab.tsx';
import { useNames } from './use-names.ts';

const TABS: readonly { readonly id: InspectorTab; readonly label: string }[] = [
  { id: 'state', label: 'State' },
  { id: 'config', label: 'Config' },
  { id: 'events', label: 'Events' },
];

/** What is selected: its state, its configuration, what happened to it, and what can be done to it. */
export function Inspector() {
  const { actions, layout } = useApp();
  const id = useSelection((state) => state.selected);
  const entity = useReadableRun((state) => (id === null ? undefined : state.model.entities.get(id)));
  const tab = useLayout((state) => state.inspectorTab);
  const names = useNames();
  if (id === null) return null;
  return (
    <div className={styles.inspector}>
      <header className={styles.header}>
        <Heading entity={entity} id={id} names={names} />
        <Button
          look="plain"
          icon="close"
          iconSize={18}
          bare
          aria-label="Close the inspector"
          onClick={() => actions.select(null)}
        />
      </header>
      <Tabs
        label="Inspector"
        name="inspector"
        tabs={TABS}
        value={tab}
        onChange={(inspectorTab) => layout.setState({ inspectorTab })}
      />
      <TabPanel name="inspector" value={tab} className={styles.body}>
        {entity === undefined ? (
          <p className={styles.gone}>It is as it should be now; there is nothing to tell about it.</p>
        ) : (
          <Body entity={entity} tab={tab} />
        )}
      </TabPanel>
      <ActsBar id={id} />
    </div>
  );
}

function Body({ entity, tab }: { readonly entity: Entity; readonly tab: InspectorTab }) {
  if (tab === 'config') return <ConfigTab entity={entity} />;
  return tab === 'events' ? <EventsTab entity={entity} /> : <StateTab entity={entity} />;
}

interface HeadingProps {
  readonly entity: Entity | undefined;
  readonly id: string;
  readonly names: Names;
}

function Heading({ entity, id, names }: HeadingProps) {
  const entities = useReadableRun((state) => state.model.entities);
  const status = useMemo(() => statusWord(entities, entity), [entities, entity]);
  return (
    <h2>
      <span>{entity === undefined ? id.replace(/^\w+:/, '') : entityTitle(entity, names)}</span>
      {status === '' ? null : <span className={styles.status}>{status}</span>}
      <span className={styles.kind}>{entity === undefined ? 'link' : kindWord(entity)}</span>
    </h2>
  );
}

/** Status in capitals, only when it is not the ordinary one. */
function statusWord(entities: ReadonlyMap<string, Entity>, entity: Entity | undefined): string {
  if (entity?.kind === 'node' || entity?.kind === 'producer') {
    const node = machineOf(entities, entity.id);
    if (node === null) return '';
    if (node.stopping) return 'STOPPING';
    if (node.status !== 'up') return node.status.toUpperCase();
    return node.broker?.fenced === true ? 'FENCED' : '';
  }
  if (entity?.kind === 'partition') return entity.leader < 0 ? 'OFFLINE' : '';
  if (entity?.kind === 'task') return entity.state === 'restoring' ? 'RESTORING' : '';
  return entity?.kind === 'link' && entity.cut ? 'CUT' : '';
}

/** What a thing is called. */
export function entityTitle(entity: Entity, names: Names): string {
  switch (entity.kind) {
    case 'cluster':
      return entity.scenario;
    case 'node':
      return entity.label;
    case 'topic':
    case 'partition':
    case 'application':
    case 'group':
    case 'transaction':
      return entity.name;
    case 'producer':
      return names.node(entity.node);
    case 'task':
      return entity.task;
    case 'link':
      return `${names.node(entity.a)} to ${names.node(entity.b)}`;
  }
}

export function kindWord(entity: Entity): string {
  if (entity.kind === 'node') return ROLES[entity.role];
  if (entity.kind === 'transaction') return 'transactional id';
  return entity.kind === 'topic' && entity.internal ? 'internal topic' : entity.kind;
}

/** What kinds of machine there are. */
export const ROLES = {
  broker: 'broker',
  controller: 'controller',
  producer: 'producer',
  application: 'application instance',
  consumer: 'consumer',
} as const;
