import type {
  AbortedView,
  BatchView,
  EpochStart,
  LogView,
  MarkerView,
  ProducerStateView,
  ReplicaView,
  RetentionView,
} from '../api/views/log.ts';
import type { ApplicationView } from '../api/views/application.ts';
import type {
  BrokerRegistrationView,
  BrokerView,
  ClusterView,
  ControllerView,
  PartitionPlace,
  QuorumRole,
  RegistrationView,
} from '../api/cluster-view.ts';
import type { GroupView, MemberView, StoredCommitView, TransactionView } from '../api/views/group.ts';
import type { ProducerView, SendOutcome, TransactorView, WorkingGroupView } from '../api/views/client.ts';
import { brokerNode, type BrokerId, type NodeId } from '../api/ids.ts';
import type { Tape } from '../api/scenario.ts';
import type { TraceEvent, TraceEventData } from '../api/trace-event.ts';
import { ensure } from '../base/assert.ts';
import { millis, type SimTime } from '../base/time.ts';
import { syntheticReader, type SyntheticReader } from './synthetic-reader.ts';

const TOPIC = 't';
const NAME = 't-0';

/** The numbers from `from` up to but without `to`. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

const tapeOf = (count: number): Tape =>
  Object.freeze({
    count,
    timestamps: range(0, count),
    keys: range(0, count).map(() => null),
    values: range(0, count).map((row) => `{"row":${row},"path":"/${row % 2}"}`),
  });

export interface BatchSpec {
  readonly at: number;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly keys?: readonly (string | null)[];
  readonly timestamp?: number;
  /** It is part of a transaction. */
  readonly transactional?: boolean;
  /** It is a marker. */
  readonly marker?: MarkerView['type'];
}

/** A frozen batch of these values. */
export function syntheticBatch(values: readonly string[], spec: BatchSpec): BatchView {
  const { at, epoch = 5, sequence = at, producerId = 7, producerEpoch = 0, timestamp = 0 } = spec;
  return Object.freeze({
    baseOffset: at,
    lastOffsetDelta: values.length - 1,
    partitionLeaderEpoch: epoch,
    producerId,
    producerEpoch,
    baseSequence: sequence,
    timestampType: 'CreateTime',
    baseTimestamp: timestamp,
    maxTimestamp: timestamp,
    isTransactional: spec.transactional === true || spec.marker !== undefined,
    ...(spec.marker === undefined ? {} : { control: { type: spec.marker, coordinatorEpoch: 0 } }),
    records: Object.freeze({
      count: values.length,
      keys: spec.keys ?? values.map(() => null),
      values,
      timestampDeltas: values.map(() => 0),
    }),
  });
}

const endOf = ({ baseOffset, lastOffsetDelta }: BatchView): number => baseOffset + lastOffsetDelta + 1;

export class SyntheticLog implements LogView {
  batches: BatchView[] = [];
  cleanedTo = 0;
  flushedEnd = 0;

  get end(): number {
    return this.last === undefined ? 0 : endOf(this.last);
  }

  get first(): BatchView | undefined {
    return this.batches[0];
  }

  get last(): BatchView | undefined {
    return this.batches.at(-1);
  }

  at(offset: number): BatchView | undefined {
    return this.batches.find((batch) => endOf(batch) > offset);
  }

  visit(from: number, to: number, visit: (batch: BatchView) => void): void {
    for (const batch of this.batches) if (endOf(batch) > from && batch.baseOffset < to) visit(batch);
  }
}

export class SyntheticReplica implements ReplicaView {
  readonly topic: string;
  readonly partition: number;
  readonly name: string;
  topicId = 'first';
  role: 'leader' | 'follower' = 'follower';
  leaderEpoch = 5;
  partitionEpoch = 1;
  isr: readonly BrokerId[] = [1, 2, 3];
  maximalIsr: readonly BrokerId[] = [1, 2, 3];
  minInsyncReplicas = 2;
  deleteRetentionMs = 100;
  retention: RetentionView = { ms: 0, bytes: -1 };
  sizeInBytes = 0;
  /** By itself the high watermark. */
  stable: number | undefined = undefined;
  aborted: AbortedView[] = [];
  logStart = 0;
  highWatermark = 0;
  readonly records = new SyntheticLog();
  epochs: EpochStart[] = [{ epoch: 5, startOffset: 0 }];
  states: ProducerStateView[] = [];
  /** It knows no producers but those of `states`. */
  forgets = false;

  constructor(topic = TOPIC, partition = 0) {
    this.topic = topic;
    this.partition = partition;
    this.name = `${topic}-${partition}`;
  }

  get logEnd(): number {
    const { last } = this.records;
    return last === undefined ? this.logStart : endOf(last);
  }

  get lastStable(): number {
    return this.stable ?? this.highWatermark;
  }

  /** What its records say, unless something else is said of a producer. */
  visitProducers(visit: (state: ProducerStateView) => void): void {
    const states = new Map<number, ProducerStateView>();
    for (const { producerId, producerEpoch, baseSequence, baseOffset, lastOffsetDelta } of this.records
      .batches)
      if (producerId >= 0 && !this.forgets)
        states.set(producerId, {
          producerId,
          producerEpoch,
          lastSequence: baseSequence < 0 ? -1 : baseSequence + lastOffsetDelta,
          lastOffset: baseOffset + lastOffsetDelta,
        });
    for (const state of this.states) states.set(state.producerId, state);
    states.forEach((state) => visit(state));
  }
}

export interface SyntheticBroker extends BrokerView {
  status: 'up' | 'paused' | 'down';
  incarnation: number;
  poweredOff: boolean;
  lacksDirectory: boolean;
  metadataOffset: number;
  forgetsBefore: number;
  replicas: readonly SyntheticReplica[];
}

export interface SyntheticController extends ControllerView {
  status: 'up' | 'paused' | 'down';
  incarnation: number;
  role: QuorumRole;
  epoch: number;
  leaderId: number;
  storedEpoch: number;
  storedVote: number;
  highWatermark: number;
  readonly records: SyntheticLog;
}

/** Controller 1 leads epoch 3 by all votes. */
const syntheticController = (id: number): SyntheticController => ({
  id,
  node: `k${id}`,
  status: 'up',
  incarnation: 1,
  role: id === 1 ? 'leader' : 'follower',
  epoch: 3,
  leaderId: 1,
  storedEpoch: 3,
  storedVote: 1,
  highWatermark: 0,
  logStart: 0,
  get logEnd() {
    const { last } = this.records;
    return last === undefined ? 0 : endOf(last);
  },
  records: new SyntheticLog(),
});

const syntheticBroker = (id: BrokerId): SyntheticBroker => {
  const logs = new Map<string, LogView>();
  const broker: SyntheticBroker = {
    id,
    node: brokerNode(id),
    status: 'up',
    incarnation: 1,
    poweredOff: false,
    lacksDirectory: false,
    metadataOffset: -1,
    forgetsBefore: -1,
    wallClockMs: 1_000,
    replicas: [new SyntheticReplica()],
    shares: () => [],
    stored(name) {
      for (const replica of broker.replicas) logs.set(replica.name, replica.records);
      return logs.get(name);
    },
  };
  return broker;
};

export interface SyntheticProducer extends ProducerView {
  status: 'up' | 'paused' | 'down';
  since: SimTime;
  incarnation: number;
  acks: number;
  played: number;
  told: SendOutcome[];
  oldestOpenAt: SimTime | undefined;
  underWay: SimTime;
}

const syntheticProducer = (node: NodeId): SyntheticProducer => ({
  node,
  topic: TOPIC,
  tape: tapeOf(100),
  status: 'up',
  since: 0,
  incarnation: 1,
  acks: -1,
  deliveryTimeout: millis(1_000),
  played: 0,
  told: [],
  get outcomes() {
    const { told } = this;
    return {
      start: 0,
      end: told.length,
      at: (i: number) => ensure(told[i], 'outcome'),
    };
  },
  oldestOpenAt: undefined,
  underWay: Infinity,
  oldestUnderWayAt() {
    return this.underWay;
  },
});

/**
 * A view in a test's hand: partition `t-0` on brokers 1, 2 and 3, led by 1 in epoch 5, and producer `p1` with a tape of 100
 * rows. Whatever is wrong with it, a test has put there.
 */
export class SyntheticView implements ClusterView {
  now: SimTime = 0;
  touched: NodeId = '';
  isElaborate = true;
  readonly traces: TraceEvent[] = [];
  readonly brokers = [1, 2, 3].map(syntheticBroker);
  readonly controllers = [1, 2, 3].map(syntheticController);
  readonly transactors: TransactorView[] = [];
  readonly readers = [syntheticReader('r1')];
  workingGroups: readonly WorkingGroupView[] = [];
  /** What batches say that only a coordinator can read. */
  readonly stored = new Map<BatchView, readonly TransactionView[]>();
  readonly commits = new Map<BatchView, readonly StoredCommitView[]>();
  registrations: BrokerRegistrationView[] = [1, 2, 3].map((id) => ({ id, epoch: id, fenced: false }));
  metadataOffset = 0;
  readonly producers: SyntheticProducer[] = [syntheticProducer('p1')];
  applications: ApplicationView[] = [];
  groupsVersion = 0;
  private groupList: readonly GroupView[] = [];
  memberList: MemberView[] = [];
  registration: RegistrationView = {
    leader: 1,
    leaderEpoch: 5,
    partitionEpoch: 1,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    elr: [],
    lastKnownElr: [],
  };

  constructor() {
    this.replica(1).role = 'leader';
  }

  get newestTrace(): number {
    return this.traces.length;
  }

  visitTraces(after: number, visit: (event: TraceEvent) => void): void {
    this.traces.slice(after).forEach(visit);
  }

  tell(node: NodeId, data: TraceEventData): void {
    this.traces.push({ id: this.traces.length + 1, at: this.now, node, cause: 0, data });
  }

  partition(topic: string): RegistrationView | undefined {
    return topic === TOPIC ? this.registration : undefined;
  }

  readonly topicId = (): string | undefined => this.replica(1).topicId;

  visitPartitions(visit: (where: PartitionPlace, registration: RegistrationView) => void): void {
    visit({ topic: TOPIC, partition: 0, name: NAME }, this.registration);
  }

  visitRegistrations(visit: (registration: BrokerRegistrationView) => void): void {
    this.registrations.forEach(visit);
  }

  transactionsIn = (batch: BatchView): readonly TransactionView[] => this.stored.get(batch) ?? [];
  commitsIn = (batch: BatchView): readonly StoredCommitView[] => this.commits.get(batch) ?? [];

  groups = (): readonly GroupView[] => this.groupList;
  members = (): readonly MemberView[] => this.memberList;

  broker(id: BrokerId): SyntheticBroker {
    return ensure(this.brokers[id - 1], 'broker');
  }

  replica(id: BrokerId): SyntheticReplica {
    return ensure(this.broker(id).replicas[0], 'replica');
  }

  controller(id: number): SyntheticController {
    return ensure(this.controllers[id - 1], 'controller');
  }

  get reader(): SyntheticReader {
    return ensure(this.readers[0], 'reader');
  }

  get producer(): SyntheticProducer {
    return ensure(this.producers[0], 'producer');
  }

  setGroups(...groups: readonly GroupView[]): void {
    this.groupList = groups;
    this.groupsVersion += 1;
  }

  /** A batch of these rows of the tape. */
  rows(from: number, to: number, spec: BatchSpec): BatchView {
    return syntheticBatch(
      this.producer.tape.values.slice(from, to).map((value) => value ?? ''),
      spec,
    );
  }

  /** Puts a batch at the end of the logs of some brokers. */
  append(batch: BatchView, ids: readonly BrokerId[] = [1, 2, 3]): void {
    for (const id of ids) {
      const { records, epochs } = this.replica(id);
      records.batches = [...records.batches, batch];
      const epoch = batch.partitionLeaderEpoch;
      if (epoch > (epochs.at(-1)?.epoch ?? -1)) epochs.push({ epoch, startOffset: batch.baseOffset });
    }
  }

  expose(highWatermark: number, ids: readonly BrokerId[] = [1, 2, 3]): void {
    for (const id of ids) this.replica(id).highWatermark = highWatermark;
  }

  /** Tells the producer what became of rows. */
  answer(
    from: number,
    to: number,
    baseOffset: number,
    outcome: SendOutcome['outcome'] = 'acknowledged',
  ): void {
    const { producer, now } = this;
    producer.played = Math.max(producer.played, to);
    producer.told.push(Object.freeze({ at: now, partition: 0, outcome, baseOffset, rows: range(from, to) }));
  }
}
