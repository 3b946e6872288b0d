import type { BrokerView, ClusterView } from '../../api/cluster-view.ts';
import type { EpochStart, ReplicaView } from '../../api/views/log.ts';
import type { NodeId } from '../../api/ids.ts';
import type { TraceEvent } from '../../api/trace-event.ts';
import { endOf } from '../../checker/invariant.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import type { FetchResponse } from '../../protocol/fetch.ts';
import type { RequestMessage, ResponseMessage } from '../../protocol/message.ts';
import type { SimEvent } from '../../sim/event.ts';

/** Requests and answers after which a group may be in another state. */
const OF_GROUPS: ReadonlySet<string> = new Set([
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'LeaveGroup',
  'ConsumerGroupHeartbeat',
  'OffsetCommit',
]);

/**
 * Which refusals were answered and heard in a run, which steps transactions and groups have taken, and in which ways logs
 * were cut: by name. It only looks at the run, from its first event on.
 */
export class Reach {
  readonly met = new Set<string>();
  private readonly view: ClusterView;
  private readonly transactions = new Map<string, string>();
  private readonly groups = new Map<string, string>();
  private trace = 0;

  constructor(view: ClusterView) {
    this.view = view;
  }

  /** Looks at what happens next, and returns what is to be called when it has happened. */
  before(event: SimEvent | undefined): (() => void) | undefined {
    if (event?.kind !== 'deliver') return undefined;
    const message = event.payload as Partial<RequestMessage | ResponseMessage>;
    if (message.kind === 'response') this.noteErrors(message as ResponseMessage);
    if (OF_GROUPS.has(message.api ?? '')) return () => this.noteGroups();
    const broker = this.view.brokers.find(({ node }) => node === event.node);
    if (message.kind !== 'response' || broker === undefined) return undefined;
    if (message.api === 'Fetch') return this.cutsBy(broker, message.body as FetchResponse);
    return message.api === 'ListOffsets' ? this.cutsTo(broker) : undefined;
  }

  /** To be called after each event. */
  after(): void {
    const { view } = this;
    if (view.newestTrace === this.trace) return;
    view.visitTraces(this.trace, (event) => this.noteTrace(event));
    this.trace = view.newestTrace;
  }

  private noteErrors({ api, body }: ResponseMessage): void {
    visitErrors(body, (code) => this.met.add(`answer: ${api} ${errorName(code)}`));
  }

  private noteGroups(): void {
    for (const { groupId, type, state } of this.view.groups()) {
      const before = this.groups.get(groupId) ?? 'nothing';
      this.groups.set(groupId, state);
      if (before !== state) this.met.add(`${type} group: ${before} → ${state}`);
    }
  }

  private noteTrace({ data }: TraceEvent): void {
    switch (data.type) {
      case 'transaction-changed': {
        const { transactionalId, state, reason } = data;
        const before = this.transactions.get(transactionalId) ?? 'nothing';
        this.transactions.set(transactionalId, state);
        this.met.add(`transaction: ${before} → ${state}${reason === undefined ? '' : `, ${reason}`}`);
        return;
      }
      case 'log-dir-failed':
        this.met.add(`disk: a broker ${data.halts ? 'halts with' : 'goes on without'} a failed directory`);
        return;
      default:
    }
  }

  /** A machine is about to lose power; returns what is to be called when it has. */
  beforePowerLoss(victim: NodeId): () => void {
    const broker = this.view.brokers.find(({ node }) => node === victim);
    const ends = new Map(broker?.replicas.map(({ name, logEnd }) => [name, logEnd]));
    return () => {
      for (const [name, end] of ends) {
        const last = broker?.stored(name)?.last;
        if (end > (last === undefined ? 0 : endOf(last)))
          this.met.add('cut: what was not written when the power went');
      }
    };
  }

  private cutsBy(broker: BrokerView, { responses }: FetchResponse): (() => void) | undefined {
    for (const { topicId, partitions } of responses)
      for (const { partitionIndex, divergingEpoch } of partitions) {
        if (divergingEpoch === undefined) continue;
        const replica = broker.replicas.find(
          (other) => other.topicId === topicId && other.partition === partitionIndex,
        );
        if (replica === undefined) continue;
        const way = wayOfCut(replica.epochs, divergingEpoch.epoch);
        const { logEnd } = replica;
        return () => {
          if (replica.logEnd < logEnd) this.met.add(`cut: ${way}`);
        };
      }
    return undefined;
  }

  /** A follower asks where the leader's log ends, or begins, only when its own is not within it. */
  private cutsTo({ replicas }: BrokerView): () => void {
    const ends = replicas.map(({ logEnd }) => logEnd);
    return () =>
      replicas.forEach((replica: ReplicaView, i) => {
        const end = ends[i] ?? 0;
        if (replica.logEnd < end) this.met.add('cut: to the end of the leader’s log');
        if (replica.logEnd > end && replica.logStart === replica.logEnd)
          this.met.add('cut: whole, to begin where the leader’s log does');
      });
  }
}

/** What a follower knows of the last epoch in which its log is the leader's. */
function wayOfCut(epochs: readonly EpochStart[], leaders: number): string {
  if (epochs.some(({ epoch }) => epoch === leaders)) return 'at the end of an epoch that both know';
  if (epochs.some(({ epoch }) => epoch < leaders)) return 'at the end of an epoch before the leader’s';
  return 'by the word of a leader of whose epochs none is known';
}

/** Visits all error codes of an answer but that of success. Records are not looked into. */
function visitErrors(body: object, visit: (errorCode: number) => void): void {
  for (const key of Object.keys(body)) {
    const value = (body as Readonly<Record<string, unknown>>)[key];
    if (key === 'errorCode' && value !== NONE) visit(value as number);
    if (typeof value === 'object' && value !== null && key !== 'records') visitErrors(value, visit);
  }
}
