import type { ClusterView } from '../../api/cluster-view.ts';
import type { NodeId } from '../../api/ids.ts';
import { millis } from '../../base/time.ts';
import type { Feature } from './features.ts';
import type { Script, SwarmRun } from './swarm-run.ts';

/** What no seed of the swarm meets with, and how it is reached all the same. */
export interface ByHand {
  /** In the words of `Reach`. */
  readonly name: string;
  /** Why chance does not find it: one sentence. */
  readonly why: string;
  readonly features: readonly Feature[];
  readonly script: Script;
}

const TOPIC = 'clicks';

interface Partition {
  readonly topic: string;
  readonly partition: number;
}

/** Who leads by the controller's word and its own. */
function leaderOf(view: ClusterView, { topic, partition }: Partition): NodeId | undefined {
  const leader = view.partition(topic, partition)?.leader;
  const name = `${topic}-${partition}`;
  return view.brokers.find(
    ({ id, replicas }) => id === leader && replicas.some((it) => it.name === name && it.role === 'leader'),
  )?.node;
}

const isrOf = (view: ClusterView, { topic, partition }: Partition): number =>
  view.partition(topic, partition)?.isr.length ?? 0;

/** Waits until this is so, and returns the leader of the partition then. */
function whenLed(
  run: SwarmRun,
  of: Partition,
  isSo: (leader: NodeId, view: ClusterView) => boolean = () => true,
): NodeId {
  const aim = (view: ClusterView): NodeId | undefined => {
    const leader = leaderOf(view, of);
    return leader !== undefined && isSo(leader, view) ? leader : undefined;
  };
  const leader = run.runToAim(aim, PATIENCE_MS);
  if (leader === undefined) throw new Error('what the script waits for does not happen');
  return leader;
}

const PATIENCE_MS = 20_000;

const isDown = (view: ClusterView, node: NodeId): boolean =>
  view.brokers.some((broker) => broker.node === node && broker.status === 'down');

function eachLink(run: SwarmRun, type: 'cut-link' | 'heal-link'): void {
  for (const [a, b] of [
    ['b1', 'b2'],
    ['b2', 'b3'],
    ['b1', 'b3'],
  ] as const)
    run.act({ type, a, b });
}

const logEnd = (view: ClusterView, node: NodeId, { topic, partition }: Partition): number =>
  view.brokers
    .find((broker) => broker.node === node)
    ?.replicas.find((it) => it.topic === topic && it.partition === partition)?.logEnd ?? 0;

/**
 * Who stands in for the preferred leader gets its first records when nobody can copy them. The preferred one leads again
 * without having seen that epoch, writes others that nobody copies either, and is gone; then the first one leads again.
 */
const epochUnseen: Script = (run) => {
  const of = { topic: TOPIC, partition: 1 };
  run.act({ type: 'pause', node: 'p1' });
  run.runFor(1_000);
  const preferred = whenLed(run, of);
  run.act({ type: 'shut-down', node: preferred });
  run.runToAim((view) => (isDown(view, preferred) ? preferred : undefined));
  run.act({ type: 'start', node: preferred });
  const standIn = whenLed(run, of, (leader, view) => leader !== preferred && isrOf(view, of) === 3);
  eachLink(run, 'cut-link');
  const end = logEnd(run.view, standIn, of);
  run.act({ type: 'resume', node: 'p1' });
  whenLed(run, of, (leader, view) => leader === standIn && logEnd(view, leader, of) > end);
  run.act({ ...of, type: 'elect-leaders', election: 'preferred' });
  whenLed(run, of, (leader, view) => leader === preferred && logEnd(view, leader, of) > end);
  run.act({ type: 'crash', node: preferred });
  whenLed(run, of, (leader) => leader === standIn);
  eachLink(run, 'heal-link');
  run.act({ type: 'start', node: preferred });
};

/** The partition leaves its leader: when the replica that takes its place is in sync, another leads. */
const reassigned: Script = (run) => {
  const of = { topic: TOPIC, partition: 0 };
  run.act({ ...of, type: 'reassign-partition', replicas: [1, 2] });
  whenLed(run, of, (_, view) => isrOf(view, of) === 2);
  run.act({ ...of, type: 'reassign-partition', replicas: [3, 2] });
  whenLed(run, of, (leader) => leader !== 'b1');
};

/** A replica comes back into a topic that is deleted while its leader’s word of it is on a slow way. */
const deletedMeanwhile: Script = (run) => {
  const of = { topic: 'brief', partition: 0 };
  run.act({ type: 'create-topic', topic: of.topic, partitions: 1, replicationFactor: 3, config: {} });
  const leader = whenLed(run, of, (_, view) => isrOf(view, of) === 3);
  const [other = leader] = ['b1', 'b2', 'b3'].filter((node) => node !== leader);
  run.act({ type: 'crash', node: other });
  whenLed(run, of, (_, view) => isrOf(view, of) === 2);
  run.act({ type: 'slow-link', a: leader, b: 'controller', extraMicros: millis(600) });
  run.act({ type: 'start', node: other });
  whenLed(run, of, (_, { brokers }) =>
    brokers.some(({ replicas }) =>
      replicas.some(
        (it) => it.topic === of.topic && it.role === 'leader' && it.maximalIsr.length > it.isr.length,
      ),
    ),
  );
  run.act({ type: 'delete-topic', topic: of.topic });
  run.runFor(4_000);
  run.act({ type: 'slow-link', a: leader, b: 'controller', extraMicros: 0 });
};

export const BY_HAND: readonly ByHand[] = [
  {
    name: 'cut: at the end of an epoch before the leader’s',
    why: 'Two leaders in a row have to write what nobody copies, and the second must have seen no record of the first.',
    features: ['impatient-sessions', 'small-batches'],
    script: epochUnseen,
  },
  {
    name: 'answer: AlterPartition NEW_LEADER_ELECTED',
    why: 'Only a reassignment takes the leadership from a leader that asks, and the swarm’s three brokers have every partition.',
    features: [],
    script: reassigned,
  },
  {
    name: 'answer: AlterPartition UNKNOWN_TOPIC_ID',
    why: 'Deleting a topic takes away what every rule is about, so the swarm deletes none.',
    features: [],
    script: deletedMeanwhile,
  },
];
