import type { CommandAct } from '../../engine/api/command.ts';
import type { Entity, EntityId, LinkEntity } from '../../engine/api/frame.ts';
import type { NodeEntity } from '../../engine/api/entities/node.ts';
import { brokerNode, type NodeId } from '../../engine/api/ids.ts';
import { toolsFor } from './tools.ts';
import type { FormName, MenuQuestion } from './view-stores.ts';

export type Entities = ReadonlyMap<EntityId, Entity>;

/** Something that can be done now to an entity, in words. */
export interface Act {
  readonly id: string;
  readonly label: string;
  /** One word, for a button. */
  readonly short: string;
  readonly icon: 'kill' | 'disk' | 'halt' | 'play' | 'restart' | 'cut' | 'slow' | 'ok' | 'close';
  /** The key that does it to the selection. */
  readonly key?: string;
  /** One sentence: what really happens. */
  readonly meaning: string;
  /** What to do at once; without it the act asks which link first, or opens its form. */
  readonly act?: CommandAct;
  readonly asks?: MenuQuestion;
  readonly form?: FormName;
}

/** The machine that acts on an entity go to: its own, or the one that leads or runs it. */
export function machineOf(entities: Entities, id: EntityId): NodeEntity | null {
  const entity = entities.get(id);
  const node = entity === undefined ? undefined : entities.get(machineId(entity));
  return node?.kind === 'node' ? node : null;
}

function machineId(entity: Entity): NodeId {
  switch (entity.kind) {
    case 'node':
      return entity.id;
    case 'partition':
      return brokerNode(entity.leader);
    case 'producer':
      return entity.node;
    case 'task':
      return entity.instance;
    case 'group':
    case 'transaction':
      return brokerNode(entity.coordinator);
    case 'link':
      return entity.a;
    case 'application':
      return entity.instances[0] ?? '';
    case 'cluster':
    case 'topic':
      return '';
  }
}

/** What can be done to the machine of an entity now. */
export function actsOn(entities: Entities, id: EntityId): readonly Act[] {
  const entity = entities.get(id);
  if (entity?.kind === 'link') return linkActs(entity);
  const tools = entity === undefined || toolsFor(entity).length === 0 ? [] : [TOOLS];
  const node = machineOf(entities, id);
  if (node === null) return tools;
  return [
    ...processActs(node, hasDisk(node) || callsService(entities, node)),
    ...threadActs(node),
    ...networkActs(entities, node),
    ...administratorActs(node),
    ...tools,
  ];
}

/** Whether its disk can be replaced: clients keep nothing, and controllers cannot be. */
const hasDisk = ({ role }: NodeEntity): boolean => role === 'application' || role === 'broker';

const wipe = (node: NodeId): Act => ({
  id: 'wipe-disk',
  label: 'Lose it with its disk',
  short: 'Wipe',
  icon: 'disk',
  meaning: 'The machine is lost with all that it kept, and starts again with an empty disk.',
  act: { type: 'wipe-disk', node },
});

const CRASH_AT: Act = {
  id: 'crash-at',
  label: 'Crash at a step',
  short: 'At a step',
  icon: 'kill',
  meaning: 'SIGKILL between two steps of what it does, whenever it comes there.',
  form: 'crash-at',
};

/** Whether it works in a group that calls a service outside: of all consumers only these come to a step with a name. */
const callsService = (entities: Entities, { role, memberOf }: NodeEntity): boolean => {
  const group = role === 'consumer' ? entities.get(`group:${memberOf ?? ''}`) : undefined;
  return group?.kind === 'group' && group.service !== undefined;
};

/** `steps`: it can be told to crash between two steps of what it does. */
function processActs(node: NodeEntity, steps: boolean): readonly Act[] {
  const at = { node: node.id };
  const start: Act = {
    id: 'start',
    label: 'Start again',
    short: 'Start',
    icon: 'restart',
    key: 'K',
    meaning: 'The process begins a new life with what its disk has kept.',
    act: { type: 'start', ...at },
  };
  if (node.status === 'down') return [start, ...(hasDisk(node) ? [wipe(node.id)] : []), ...diskActs(node)];
  return [
    {
      id: 'crash',
      label: 'Crash',
      short: 'Crash',
      icon: 'kill',
      key: 'K',
      meaning: 'SIGKILL: memory is lost, the disk keeps everything written.',
      act: { type: 'crash', ...at },
    },
    ...(steps ? [CRASH_AT] : []),
    {
      id: 'shut-down',
      label: 'Shut down',
      short: 'Stop',
      icon: 'close',
      meaning: 'SIGTERM: an orderly stop. A broker moves its leaders away first.',
      act: { type: 'shut-down', ...at },
    },
    node.status === 'paused' ? resume(node.id) : pause(node.id),
    {
      id: 'power-off',
      label: 'Cut the power',
      short: 'Power',
      icon: 'disk',
      meaning: 'What was not flushed to disk is lost too.',
      act: { type: 'power-off', ...at },
    },
    ...(hasDisk(node) ? [wipe(node.id)] : []),
    ...diskActs(node),
  ];
}

/** Stream threads of an application's instance that is up. */
function threadActs({ id: node, instance, status }: NodeEntity): readonly Act[] {
  if (instance === undefined || status !== 'up') return [];
  return [
    {
      id: 'add-stream-thread',
      label: 'Add a stream thread',
      short: 'Thread +',
      icon: 'play',
      meaning:
        'One more member of the group in the same process, which takes tasks from its siblings and from others.',
      act: { type: 'add-stream-thread', node },
    },
    {
      id: 'remove-stream-thread',
      label: 'Remove a stream thread',
      short: 'Thread −',
      icon: 'close',
      meaning: 'The first thread commits, closes its tasks and leaves the group at once.',
      act: { type: 'remove-stream-thread', node },
    },
  ];
}

/** A broker's log directories: one that works may fail, one that failed is repaired or replaced. */
function diskActs({ id: node, broker, status }: NodeEntity): readonly Act[] {
  if (broker === undefined) return [];
  const { directories = [{ path: '', state: 'online' }] } = broker;
  return directories.flatMap(({ path, state }, directory): readonly Act[] => {
    const which = directories.length === 1 ? 'its disk' : `the disk of ${path}`;
    if (state !== 'failed')
      return [
        {
          id: `fail-log-dir-${directory}`,
          label: `Let ${which} fail`,
          short: 'Fail disk',
          icon: 'disk',
          meaning: 'Nothing in that log directory can be read or written any more.',
          act: { type: 'fail-log-dir', node, directory },
        },
      ];
    if (status === 'paused') return [];
    return [repair(node, directory, which), replace(node, directory, which)];
  });
}

const repair = (node: NodeId, directory: number, which: string): Act => ({
  id: `repair-log-dir-${directory}`,
  label: `Repair ${which}`,
  short: 'Repair disk',
  icon: 'ok',
  meaning: 'What was written is there again when the broker starts next.',
  act: { type: 'repair-log-dir', node, directory, empty: false },
});

const replace = (node: NodeId, directory: number, which: string): Act => ({
  id: `replace-log-dir-${directory}`,
  label: `Replace ${which} by an empty one`,
  short: 'Replace disk',
  icon: 'disk',
  meaning: 'The broker finds nothing there when it starts next, and copies from the leaders.',
  act: { type: 'repair-log-dir', node, directory, empty: true },
});

const pause = (node: NodeId): Act => ({
  id: 'pause',
  label: 'Pause',
  short: 'Pause',
  icon: 'halt',
  key: 'P',
  meaning: 'SIGSTOP, or a long garbage collection: it holds everything and answers nothing.',
  act: { type: 'pause', node },
});

const resume = (node: NodeId): Act => ({
  id: 'resume',
  label: 'Resume',
  short: 'Resume',
  icon: 'play',
  key: 'P',
  meaning: 'It goes on where it stopped and does not know how long it was away.',
  act: { type: 'resume', node },
});

function networkActs(entities: Entities, node: NodeEntity): readonly Act[] {
  const acts: Act[] = [
    {
      id: 'cut',
      label: 'Cut a link',
      short: 'Cut',
      icon: 'cut',
      key: 'X',
      meaning: 'Nothing gets through between two machines, in either direction.',
      asks: 'cut',
    },
    {
      id: 'slow',
      label: 'Slow a link',
      short: 'Slow',
      icon: 'slow',
      key: 'Z',
      meaning: 'Every message between two machines takes longer.',
      asks: 'slow',
    },
  ];
  if (linksOf(entities, node.id).length > 0)
    acts.push({
      id: 'heal',
      label: 'Heal a link',
      short: 'Heal',
      icon: 'ok',
      meaning: 'The link is as it was at first.',
      asks: 'heal',
    });
  return acts;
}

/** What an administrator may ask of the cluster about it. */
const administratorActs = ({ role }: NodeEntity): readonly Act[] =>
  role === 'producer' || role === 'consumer' || role === 'application' ? [QUOTA] : [];

const TOOLS: Act = {
  id: 'tools',
  label: 'Use Kafka’s tools',
  short: 'Tools',
  icon: 'restart',
  key: 'T',
  meaning: 'The operator sends the request of kafka-topics, kafka-consumer-groups and others to the cluster.',
  asks: 'tools',
};

const QUOTA: Act = {
  id: 'quota',
  label: 'Set a quota',
  short: 'Quota',
  icon: 'slow',
  meaning: 'Brokers delay answers to a client that goes beyond its rate.',
  form: 'quota',
};

function linkActs({ a, b, cut, extraMicros }: LinkEntity): readonly Act[] {
  const acts: Act[] = [];
  if (cut)
    acts.push({
      id: 'heal-link',
      label: 'Heal the link',
      short: 'Heal',
      icon: 'ok',
      meaning: 'Messages get through again.',
      act: { type: 'heal-link', a, b },
    });
  else
    acts.push({
      id: 'cut-link',
      label: 'Cut the link',
      short: 'Cut',
      icon: 'cut',
      meaning: 'Nothing gets through any more.',
      act: { type: 'cut-link', a, b },
    });
  if (extraMicros > 0)
    acts.push({
      id: 'unslow-link',
      label: 'Take the delay away',
      short: 'Quicken',
      icon: 'ok',
      meaning: 'Messages are as quick as before.',
      act: { type: 'slow-link', a, b, extraMicros: 0 },
    });
  return acts;
}

/** Links of a machine that are not as they should be. */
export const linksOf = (entities: Entities, node: NodeId): readonly LinkEntity[] =>
  [...entities.values()].filter(
    (entity): entity is LinkEntity => entity.kind === 'link' && (entity.a === node || entity.b === node),
  );

/** Machines that a machine has a link to: all others, in the order in which they are drawn. */
export const peersOf = (entities: Entities, node: NodeId): readonly NodeEntity[] =>
  [...entities.values()].filter(
    (entity): entity is NodeEntity => entity.kind === 'node' && entity.id !== node,
  );

/** Delays that "slow a link" offers, in ms. */
export const DELAYS_MS = [20, 100, 400, 1_000, 5_000] as const;
