import { useMemo } from 'react';
import type { Entity } from '../../engine/api/frame.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { useReadableRun } from '../state/binding.ts';
import { machineOf, type Entities } from '../state/acts.ts';
import { plural } from '../view-model/number-format.ts';
import { EventList } from './event-list.tsx';
import { Empty } from './facts.tsx';

/** What happened to the selection until now, newest first. */
export function EventsTab({ entity }: { readonly entity: Entity }) {
  const events = useReadableRun((state) => state.history.events);
  const notable = useReadableRun((state) => state.history.notable);
  const at = useReadableRun((state) => state.model.at);
  const entities = useReadableRun((state) => state.model.entities);
  const about = useMemo(() => isAbout(entities, entity), [entities, entity]);
  const found = useMemo(() => {
    const all = new Map<number, TraceEvent>();
    for (const event of [...notable, ...events]) if (event.at <= at && about(event)) all.set(event.id, event);
    return [...all.values()].sort((a, b) => b.id - a.id).slice(0, SHOWN);
  }, [notable, events, at, about]);
  const dropped = useReadableRun((state) => state.history.dropped);
  const gap = dropped === 0 ? null : `${plural(dropped, 'event')} of this run went by too fast to keep.`;
  if (found.length === 0)
    return <Empty>{gap ?? 'Nothing has happened to it yet. Play, or do something to it.'}</Empty>;
  return (
    <>
      <EventList events={found} />
      {gap === null ? null : <p className="quiet">{gap}</p>}
    </>
  );
}

const SHOWN = 100;

/** Whether an event is told by an entity's machine, or names the entity. */
function isAbout(entities: Entities, entity: Entity): (event: TraceEvent) => boolean {
  switch (entity.kind) {
    case 'cluster':
      return () => true;
    case 'partition':
      return ({ data }) => 'partition' in data && data.partition === entity.name;
    case 'topic':
      return ({ data }) => 'partition' in data && data.partition.replace(/-\d+$/, '') === entity.name;
    case 'group':
      return ({ data }) => 'group' in data && data.group === entity.name;
    case 'application':
      return ({ node }) => entity.instances.includes(node);
    case 'task':
      return ({ data }) => 'task' in data && data.task === entity.task;
    case 'link':
      return ({ data }) =>
        data.type === 'command' && 'a' in data.act && data.act.a === entity.a && data.act.b === entity.b;
    default:
      return aboutNode(machineOf(entities, entity.id)?.id ?? '');
  }
}

function aboutNode(id: string): (event: TraceEvent) => boolean {
  const broker = Number(/^b(\d+)$/.exec(id)?.[1] ?? -2);
  return ({ node, data }) =>
    node === id ||
    ('broker' in data && data.broker === broker) ||
    (data.type === 'leader-elected' && (data.from === broker || data.to === broker)) ||
    (data.type === 'command' && 'node' in data.act && data.act.node === id);
}
