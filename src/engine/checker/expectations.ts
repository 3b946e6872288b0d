import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG } from '../api/config/client-config.ts';
import type { ConfigOverrides, ConfigValue } from '../api/config/config-key.ts';
import type { CommandAct } from '../api/command.ts';
import { brokerNode, memberNode, type NodeId } from '../api/ids.ts';
import { lacks } from '../api/improvements.ts';
import type { ApplicationSpec, ProducerSpec, Scenario, TopicSpec } from '../api/scenario.ts';
import { guaranteesOf, madeTopics } from './made-topics.ts';
import { brokerValues, read, settingsOf } from './written-values.ts';

/** `may-fail`: the configuration does not promise the rule under these faults; breaking it is a lesson, no defect. */
export type Expectation = 'must-hold' | 'may-fail';

/** Which promises a scenario makes, given everything that was done to it: tells it of the number of any invariant. */
export function expectations(
  scenario: Scenario,
  acts: readonly CommandAct[],
): (invariant: number) => Expectation {
  const risks = risksOf(scenario, acts);
  return (invariant) => ((EXCUSES[invariant] ?? never)(risks) ? 'may-fail' : 'must-hold');
}

interface Risks {
  /** Committed records can be lost: more machines lost power than a write waits for, or an unclean leader was allowed. */
  readonly committed: boolean;
  /** Acknowledged records can be lost. */
  readonly acknowledged: boolean;
  /** Sends can overtake each other. */
  readonly order: boolean;
  /** Work can be done twice. */
  readonly repeats: boolean;
  /** An administrator put a group elsewhere, or forgot where it was. */
  readonly moved: boolean;
  /** A batch that was held up can be appended after its transaction has ended (KIP-890). */
  readonly strays: boolean;
  /** A coordinator that repeats a marker is refused, and gives the transaction up (KAFKA-19999). */
  readonly refusedMarkers: boolean;
  /** A member that missed a generation goes on with what is given to another (KAFKA-14639). */
  readonly twoOwners: boolean;
  /**
   * Offsets of a group come from two sides: from somebody who is no member any more in a transaction (KIP-447), or from
   * members that commit in transactions and in the background.
   */
  readonly strangers: boolean;
  /** Followers go on where they should cut: they do not find out by leader epochs where logs part. */
  readonly parting: boolean;
  /** Records of a share group have been delivered as often as it was allowed before, and it is not any more. */
  readonly fewerDeliveries: boolean;
  /** The last replica in sync stays so whatever becomes of it: the cluster is without eligible leader replicas. */
  readonly lastStays: boolean;
}

const never = (): boolean => false;
const strayOrLost = ({ strays, committed }: Risks): boolean => strays || committed;
const committedAtRisk = ({ committed }: Risks): boolean => committed;
const movedOrLost = ({ moved, committed }: Risks): boolean => moved || committed;

/** What excuses a rule from holding; a rule that is not named here has no excuse. */
const EXCUSES: Readonly<Record<number, (risks: Risks) => boolean>> = {
  6: ({ lastStays }) => lastStays,
  8: ({ parting }) => parting,
  10: committedAtRisk,
  11: committedAtRisk,
  12: committedAtRisk,
  13: committedAtRisk,
  14: committedAtRisk,
  16: committedAtRisk,
  17: ({ acknowledged }) => acknowledged,
  18: committedAtRisk,
  19: committedAtRisk,
  20: committedAtRisk,
  21: ({ acknowledged }) => acknowledged,
  23: committedAtRisk,
  24: ({ order, committed }) => order || committed,
  25: committedAtRisk,
  27: strayOrLost,
  28: strayOrLost,
  29: strayOrLost,
  30: strayOrLost,
  31: strayOrLost,
  32: strayOrLost,
  33: strayOrLost,
  34: (risks) => strayOrLost(risks) || risks.refusedMarkers,
  35: strayOrLost,
  36: ({ twoOwners, committed }) => twoOwners || committed,
  37: committedAtRisk,
  38: (risks) => movedOrLost(risks) || risks.strangers,
  39: movedOrLost,
  40: movedOrLost,
  41: movedOrLost,
  43: strayOrLost,
  44: strayOrLost,
  45: movedOrLost,
  46: movedOrLost,
  47: ({ repeats, committed }) => repeats || committed,
  48: committedAtRisk,
  50: committedAtRisk,
  52: committedAtRisk,
  53: movedOrLost,
  54: (risks) => movedOrLost(risks) || risks.fewerDeliveries,
  55: movedOrLost,
  56: movedOrLost,
};

const HARMLESS: readonly CommandAct['type'][] = [
  'set-config',
  'set-quota',
  'start',
  'heal-link',
  'create-topic',
  'alter-replica-log-dir',
  'find-hanging',
  'describe',
  'query',
];

/** Administrators may take away what was committed: records, … */
const removesRecords = (act: CommandAct): boolean =>
  act.type === 'delete-topic' ||
  act.type === 'delete-records' ||
  (act.type === 'elect-leaders' && act.election === 'unclean');

/** … and places of groups. */
const MOVES: readonly CommandAct['type'][] = [
  'reset-offsets',
  'delete-offsets',
  'delete-group',
  'reset-share-offsets',
  'delete-share-offsets',
  'delete-share-group',
];

/** Who lets a share group try a record less often does not take back what was tried. */
const DELIVERY_LIMITS: readonly string[] = [
  'share.delivery.count.limit',
  'group.share.delivery.count.limit',
  'group.share.min.delivery.count.limit',
  'group.share.max.delivery.count.limit',
];

function risksOf(scenario: Scenario, acts: readonly CommandAct[]): Risks {
  const faults = acts.filter(({ type }) => !HARMLESS.includes(type));
  const anyFault = faults.length > 0;
  const committed = acts.some(removesRecords) || committedMayGo(scenario, acts, anyFault);
  const isWeak = (producer: ProducerSpec): boolean =>
    producerValues(producer, 'acks', acts).some((acks) => acks === '0' || acks === '1');
  return {
    committed,
    acknowledged: committed || (anyFault && scenario.producers.some(isWeak)),
    order: anyFault && scenario.producers.some((producer) => mayOvertake(producer, acts)),
    repeats: anyFault && scenario.applications.some((application) => mayRepeat(application, acts)),
    parting: anyFault && mayPart(scenario),
    lastStays: anyFault && !hasElr(scenario),
    moved: acts.some(({ type }) => MOVES.includes(type)),
    fewerDeliveries: acts.some((act) => act.type === 'set-config' && DELIVERY_LIMITS.includes(act.key)),
    strays: (anyFault && mayStray(scenario, acts)) || acts.some(({ type }) => type === 'abort-transaction'),
    twoOwners: anyFault && lacks(scenario.before, 'KAFKA-14639'),
    strangers: anyFault && (lacks(scenario.before, 'KIP-447') || commitsTwice(scenario, acts)),
    refusedMarkers: anyFault && lacks(scenario.before, 'KAFKA-19999'),
  };
}

/** Work since the last commit is done again, and its first result counts too, unless that is taken back. */
const mayRepeat = (application: ApplicationSpec, acts: readonly CommandAct[]): boolean =>
  guaranteesOf(application, acts).some((value) => value !== 'exactly_once_v2');

/** A commit in the background may be held up until a later one, of a transaction, is there. */
const commitsTwice = ({ groups }: Scenario, acts: readonly CommandAct[]): boolean =>
  groups.some(({ id, members, output, config }) => {
    const nodes = Array.from({ length: members }, (_, i) => memberNode(id, i + 1));
    const isOf = (target: Target): boolean => target.kind === 'client' && nodes.includes(target.node);
    const key = 'enable.auto.commit';
    const written = [config[key], ...settingsOf(acts, key, isOf)];
    return output !== undefined && read(CONSUMER_CONFIG, key, written).includes(true);
  });

function committedMayGo(scenario: Scenario, acts: readonly CommandAct[], anyFault: boolean): boolean {
  const brokers = new Set(scenario.brokers.map(({ id }) => brokerNode(id)));
  const stopped = (...types: readonly string[]): number =>
    new Set(
      acts.flatMap((act) =>
        'node' in act && brokers.has(act.node) && types.includes(act.type) ? [act.node] : [],
      ),
    ).size;
  // A failed disk takes what was not written with it, or everything, and the broker's proof of an orderly stop.
  // A broker that was killed is no more eligible than one that lost power (KIP-966). Among those that are not, the one
  // that led last leads again; without eligible leader replicas it does so at once.
  const lossy = stopped(...LOSSY);
  const unclean = lossy === 0 ? 0 : hasElr(scenario) ? stopped(...LOSSY, 'crash', 'crash-at') : Infinity;
  return [...scenario.topics, ...madeTopics(scenario, acts)].some((topic) => {
    const uncleanElection = values(scenario, topic, 'unclean.leader.election.enable', acts).includes(true);
    return (
      ((uncleanElection || mayPart(scenario)) && anyFault) || unclean >= leastCopies(scenario, topic, acts)
    );
  });
}

/** What takes written records away. */
const LOSSY = ['power-off', 'fail-log-dir', 'wipe-disk'] as const;

const mayPart = ({ before }: Scenario): boolean => lacks(before, 'KIP-101') || lacks(before, 'KIP-279');

const hasElr = ({ features }: Scenario): boolean => features?.['eligible.leader.replicas.version'] !== 0;

/** How many machines at least hold what is committed. Losing power at different times is taken as losing it at once. */
function leastCopies(scenario: Scenario, topic: TopicSpec, acts: readonly CommandAct[]): number {
  const minimum = values(scenario, topic, 'min.insync.replicas', acts).map(Number);
  return Math.min(topic.replicationFactor, ...minimum);
}

/** Transactions keep their epoch and leaders do not ask whether one is open: as before Kafka 3.6. */
function mayStray(scenario: Scenario, acts: readonly CommandAct[]): boolean {
  const verified = brokerValues(scenario, 'transaction.partition.verification.enable', acts);
  return (scenario.features?.['transaction.version'] ?? 2) < 2 && verified.includes(false);
}

function mayOvertake(producer: ProducerSpec, acts: readonly CommandAct[]): boolean {
  const several = producerValues(producer, 'max.in.flight.requests.per.connection', acts).some(
    (most) => Number(most) > 1,
  );
  const plain =
    producerValues(producer, 'enable.idempotence', acts).includes(false) ||
    producerValues(producer, 'acks', acts).some((acks) => acks === '0' || acks === '1');
  return several && plain;
}

/** Every value that a key of a topic has had, or would have had: the topic's own, the brokers', the default. */
function values(
  scenario: Scenario,
  { name, config }: TopicSpec,
  key: string,
  acts: readonly CommandAct[],
): readonly ConfigValue[] {
  const isOf = (target: Target): boolean =>
    target.kind === 'topic' ? target.topic === name : target.kind !== 'client';
  return read(BROKER_CONFIG, key, [
    config[key] ?? scenario.brokerConfig[key],
    ...settingsOf(acts, key, isOf),
  ]);
}

type Target = Extract<CommandAct, { type: 'set-config' }>['target'];

function producerValues(
  { id, config }: { readonly id: NodeId; readonly config: ConfigOverrides },
  key: string,
  acts: readonly CommandAct[],
): readonly ConfigValue[] {
  const isOf = (target: Target): boolean => target.kind === 'client' && target.node === id;
  return read(PRODUCER_CONFIG, key, [config[key], ...settingsOf(acts, key, isOf)]);
}
