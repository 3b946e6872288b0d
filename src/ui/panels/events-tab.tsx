import { useMemo } from 'react';
import type { Entity } from '../../engine/api/frame.ts';
import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
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
    return [...all.values()].sort((a, b) => b.id - a.id);
  }, [notable, events, at, about]);
  const dropped = useReadableRun((state) => state.history.dropped);
  // Answers stay on top: a busy broker would carry them off at once.
  const answers = found.filter(isAnswer).slice(0, ANSWERS);
  const others = found.filter((event) => !answers.includes(event)).slice(0, SHOWN);
  const gap = dropped === 0 ? null : `${plural(dropped, 'event')} of this run went by too fast to keep.`;
  if (found.length === 0)
    return <Empty>{gap ?? 'Nothing has happened to it yet. Play, or do something to it.'}</Empty>;
  return (
    <>
      {answers.length === 0 ? null : (
        <section aria-label="What Kafka’s tools said">
          <EventList events={answers} />
        </section>
      )}
      <EventList events={others} />
      {gap === null ? null : <p className="quiet">{gap}</p>}
    </>
  );
}

const SHOWN = 100;
const ANSWERS = 3;

const isAnswer = ({ data }: TraceEvent): boolean => data.type === 'tool-answered';

/** Whether an event is told by an entity's machine, or names the entity. */
function isAbout(entities: Entities, entity: Entity): (event: TraceEvent) => boolean {
  const happened = hasHappenedTo(entities, entity);
  return (event) => happened(event) || isToolOn(entity, event.data);
}

/** Uses of tools on it, and what they were told. */
function isToolOn(entity: Entity, data: TraceEventData): boolean {
  if (data.type !== 'tool-answered' && data.type !== 'command') return false;
  const { act } = data;
  const name = act.type === 'describe' ? act.name : undefined;
  switch (entity.kind) {
    case 'node':
      return data.type === 'tool-answered' && (entity.role === 'broker' || entity.role === 'controller');
    case 'topic':
      return ('topic' in act && act.topic === entity.name) || name === entity.name;
    case 'partition':
      return 'topic' in act && 'partition' in act
        ? act.topic === entity.topic && act.partition === entity.partition
        : name === entity.topic;
    case 'group':
    case 'application':
      return ('group' in act && act.group === entity.name) || name === entity.name;
    case 'transaction':
      return ('transactionalId' in act && act.transactionalId === entity.name) || name === entity.name;
    default:
      return false;
  }
}

function hasHappenedTo(entities: Entities, entity: Entity): (event: TraceEvent) => boolean {
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
