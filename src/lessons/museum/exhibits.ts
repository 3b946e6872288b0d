import type { FeatureLevels, Scenario } from '../../engine/api/scenario.ts';
import type { ConfigOverrides } from '../../engine/api/config/config-key.ts';

/**
 * A flaw that Kafka had, or that a configuration brings back. The scenario of the same id in public/museum is as it was
 * then; `today` is what differs in a cluster of today.
 */
export interface Exhibit {
  readonly id: string;
  /** Of the scenario. */
  readonly name: string;
  /** Where it was told, and where it was mended or made a choice. */
  readonly source: string;
  /** What goes wrong, in one sentence. */
  readonly flaw: string;
  /** What holds today instead, in one sentence. */
  readonly remedy: string;
  readonly today: Changes;
}

/** Configuration by key; null takes the key out, so that Kafka's default holds. */
type ConfigChanges = Readonly<Record<string, string | null>>;

/** Changes of all brokers, topics, producers and groups of a scenario. */
export interface Changes {
  readonly features?: FeatureLevels;
  /** All improvements are there. */
  readonly before?: null;
  readonly brokers?: ConfigChanges;
  readonly topics?: ConfigChanges;
  readonly producers?: ConfigChanges;
  readonly groups?: ConfigChanges;
  /** In all groups the thread that polls works itself. */
  readonly work?: null;
}

const AFTER_KIP_890: Changes = {
  features: { 'transaction.version': 2 },
  brokers: { 'transaction.partition.verification.enable': null },
};

export const EXHIBITS: readonly Exhibit[] = [
  {
    id: 'truncation-to-high-watermark',
    name: 'Truncation to the high watermark',
    source: 'KAFKA-1211, KIP-101',
    flaw: 'A follower cuts off what everybody had, because it learns one fetch late how much that is, and then it leads.',
    remedy: 'Followers ask the new leader where the old epoch ended, and cut only what it does not have.',
    today: { before: null },
  },
  {
    id: 'silent-divergence',
    name: 'Two logs, one offset',
    source: 'KAFKA-3919, KIP-101',
    flaw: 'A replica that lost its tail has led since; the other comes back, finds nothing to cut, and goes on behind records that the leader never had.',
    remedy:
      'The one that comes back asks where the epoch of its last record ended, cuts what the leader does not have, and copies the rest.',
    today: { before: null },
  },
  {
    id: 'fast-failovers',
    name: 'Two failovers in a row',
    source: 'KAFKA-6361, KIP-279',
    flaw: 'What a replica wrote as leader of an epoch that nobody else saw stays in its log alone, even when it follows again.',
    remedy:
      'Leaders name the last epoch that they know beside its end, and the replica cuts back to the one that both know.',
    today: { before: null },
  },
  {
    id: 'unclean-election',
    name: 'Unclean election',
    source: 'KIP-106',
    flaw: 'A replica that was left behind leads, and what it missed is gone though it was acknowledged.',
    remedy:
      'unclean.leader.election.enable is false: nobody leads until a replica is back that has everything.',
    today: { topics: { 'unclean.leader.election.enable': null } },
  },
  {
    id: 'unseen-truncation',
    name: 'A position from another history',
    source: 'KAFKA-6880, KIP-320',
    flaw: 'While a reader sleeps the log is cut below its position and grows past it: it goes on there, and skips what was written in between.',
    remedy:
      'A position knows its leader epoch: the new leader says where that epoch ended, and the reader goes back to there.',
    today: { before: null },
  },
  {
    id: 'last-replica-standing',
    name: 'The last replica standing',
    source: 'KAFKA-15332, KIP-966',
    flaw: 'The last replica in sync lost its tail in a power cut, leads all the same, and the others cut theirs to match.',
    remedy:
      'A replica that left the ISR while too few were in sync stays eligible, and one that lost its tail is not.',
    today: { features: { 'eligible.leader.replicas.version': 1 } },
  },
  {
    id: 'duplicates-on-retry',
    name: 'Duplicates on retry',
    source: 'KIP-98, KIP-679',
    flaw: 'An answer is lost, the producer sends again, and the leader appends the same records a second time.',
    remedy:
      'enable.idempotence is true: the leader knows the last five batches of a producer and answers a repetition.',
    today: { producers: { 'enable.idempotence': null } },
  },
  {
    id: 'reordered-retries',
    name: 'Reordered retries',
    source: 'KAFKA-5494',
    flaw: 'Requests under way fail together, and the later batch is sent again before the earlier one.',
    remedy: 'Idempotent producers send again in the order of their sequences, and leaders refuse gaps.',
    today: { producers: { 'enable.idempotence': null } },
  },
  {
    id: 'zombie-processor',
    name: 'A zombie’s transaction',
    source: 'KAFKA-8587, KIP-447',
    flaw: 'A member sleeps in the middle of its work, another does the same, and the sleeper wakes and commits: both count, and the group’s offset goes back.',
    remedy:
      'With the offsets go member and generation: the coordinator turns the sleeper away, and its transaction is aborted.',
    today: { before: null },
  },
  {
    id: 'hanging-transaction',
    name: 'A hanging transaction',
    source: 'KAFKA-14402, KIP-890',
    flaw: 'A held-up request arrives after its transaction was aborted and opens another, which nobody will ever end.',
    remedy: 'Every transaction has an epoch of its own, so that the leader refuses what comes too late.',
    today: AFTER_KIP_890,
  },
  {
    id: 'late-message',
    name: 'A late message joins the next transaction',
    source: 'KIP-890',
    flaw: 'A held-up request of an aborted transaction arrives during the next one, and is committed with it.',
    remedy: 'The end of a transaction bumps the producer’s epoch: the stray is told INVALID_PRODUCER_EPOCH.',
    today: AFTER_KIP_890,
  },
  {
    id: 'repeated-marker',
    name: 'A marker sent twice',
    source: 'KAFKA-19446, KAFKA-19999',
    flaw: 'A rule against late markers refuses one that is only sent again: the commit never ends, and its producer waits for ever.',
    remedy: 'A marker of the epoch that is known, with no transaction open, counts as the one that is there.',
    today: { before: null },
  },
  {
    id: 'rebalance-storm',
    name: 'A rebalance storm',
    source: 'KIP-429, KIP-848',
    flaw: 'Every restart of one reader takes all partitions from all readers, twice.',
    remedy: 'The consumer protocol moves only the partitions that have to move; the others are read on.',
    today: { groups: { 'group.protocol': 'consumer', 'partition.assignment.strategy': null } },
  },
  {
    id: 'two-owners',
    name: 'One partition, two owners',
    source: 'KAFKA-13406, KAFKA-14639',
    flaw: 'A reader that missed an assignment still reads what it had; the assignor takes that for nobody’s, and another reads it too.',
    remedy:
      'What a reader holds stays its own as long as no newer claim says otherwise: it is taken from it first, and given away a round later.',
    today: { before: null },
  },
  {
    id: 'slow-processing',
    name: 'Evicted for being slow',
    source: 'KIP-62',
    flaw: 'The reader works longer on one poll than the group waits, is thrown out, and begins the same work again.',
    remedy: 'max.poll.records is so small that the work of one poll fits into max.poll.interval.ms.',
    today: { groups: { 'max.poll.records': '50' } },
  },
  {
    id: 'committed-before-done',
    name: 'Committed before it was done',
    source: 'KafkaConsumer, enable.auto.commit',
    flaw: 'Records go to a worker thread, and the consumer commits what it has handed over: when it dies, the next one begins behind work that nobody has done.',
    remedy:
      'The loop works before it polls again, so that only what is done is committed: after a crash some is done twice, nothing never.',
    today: { work: null },
  },
  {
    id: 'missed-tombstone',
    name: 'A deletion that nobody heard',
    source: 'KIP-534, delete.retention.ms',
    flaw: 'A reader sleeps longer than tombstones are kept: it goes on behind them, and holds for ever what was deleted.',
    remedy:
      'delete.retention.ms is a day: whoever is back sooner still reads every deletion of a key that it knows.',
    today: { topics: { 'delete.retention.ms': null } },
  },
  {
    id: 'retention-eats-unread',
    name: 'Retention deletes unread data',
    source: 'KIP-1030',
    flaw: 'Old records are written today, and deleted at the next look before anybody has read them.',
    remedy: 'With message.timestamp.type LogAppendTime retention counts from when a record was written.',
    today: { topics: { 'message.timestamp.type': 'LogAppendTime' } },
  },
];

/** The scenario of an exhibit as it would be set up today. */
export function asToday({ before, ...scenario }: Scenario, { today }: Exhibit): Scenario {
  const changed = <T extends { readonly config: ConfigOverrides }>(
    specs: readonly T[],
    changes: ConfigChanges = {},
  ) => specs.map((spec) => ({ ...spec, config: withChanges(spec.config, changes) }));
  return {
    ...scenario,
    name: `${scenario.name}, today`,
    ...(before !== undefined && today.before !== null && { before }),
    ...(today.features && { features: { ...scenario.features, ...today.features } }),
    brokerConfig: withChanges(scenario.brokerConfig, today.brokers ?? {}),
    topics: changed(scenario.topics, today.topics),
    producers: changed(scenario.producers, today.producers),
    groups: changed(scenario.groups, today.groups).map(({ work, ...group }) => ({
      ...group,
      ...(work !== undefined && today.work !== null && { work }),
    })),
  };
}

function withChanges(config: ConfigOverrides, changes: ConfigChanges): ConfigOverrides {
  const entries = Object.entries({ ...config, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
