import type { Watch } from '../../api/detail.ts';
import { EVENTS_MAX, type Entity, type Frame, type Ledger, type Sample } from '../../api/frame.ts';
import type { Processing, ServiceFacts } from '../../api/entities/group.ts';
import { NARRATED, type TraceEvent, type TraceEventData } from '../../api/trace-event.ts';
import type { AppendList } from '../../base/append-list.ts';
import type { TraceEntry } from '../../sim/node-context.ts';
import type { CounterHistory } from '../counter-history.ts';
import { shown } from '../prelude.ts';
import type { NotableMoment } from '../run.ts';
import type { World } from '../world.ts';
import { clusterEntity } from './cluster-entity.ts';
import { details } from './details.ts';
import { EntityDiff } from './entity-diff.ts';
import { hasTransactions, sourceOf } from './frame-source.ts';
import { applicationEntities } from './application-entities.ts';
import { groupEntities } from './group-entities.ts';
import { withServices } from './service-facts.ts';
import { linkEntities, nodeEntities, producerEntities } from './node-entities.ts';
import { packets } from './packets.ts';
import { replicaIndex, topicEntities } from './partition-entities.ts';
import { shareGroupEntities } from './share-group-entities.ts';
import { transactionEntities } from './transaction-entities.ts';

/** Notable events of a whole run that a fresh page is told. */
const REMEMBERED_MAX = 4_000;
/** So much of what is narrated without being notable a page is told at once. */
const NARRATED_MAX = 10_000;

/** What a frame is made of besides the kernel. */
export interface FrameInput {
  readonly world: World;
  readonly history: CounterHistory;
  readonly samples: readonly Sample[];
  readonly notable: readonly NotableMoment[];
  /** What is narrated without being notable, in order. */
  readonly narrated: readonly TraceEntry[];
  /** What an outsider's count says of the tapes' records. */
  readonly ledger: Ledger;
  /** What it says of their rows in a group's hands. */
  readonly processingOf: (group: string) => Processing | undefined;
  /** What services outside of the cluster have done. */
  readonly serviceOf: (name: string) => ServiceFacts;
}

/** Makes frames: knows what the page was told and tells what is new. Reads the world, changes nothing in it. */
export class FrameBuilder {
  private readonly input: () => FrameInput;
  private readonly diff = new EntityDiff();
  private generation = 0;
  private fresh = true;
  private tracesTold = 0;
  /** Id of the newest notable event that the page can know. */
  private notableTold = 0;
  /** Id of the newest narrated entry that the page was told of; it keeps what it was told. */
  private narratedTold = 0;
  private samplesTold = 0;
  private watches: readonly Watch[] = [];

  constructor(input: () => FrameInput) {
    this.input = input;
  }

  /** The present was left: the next frame belongs to another generation and holds everything. */
  reset(): void {
    this.generation += 1;
    this.fresh = true;
  }

  /** What was told after this entry does not happen any more, and the page forgets it. */
  tellAgainAfter(id: number): void {
    this.narratedTold = Math.min(this.narratedTold, id);
  }

  watch(watches: readonly Watch[]): void {
    this.watches = watches;
  }

  build(): Frame {
    const input = this.input();
    const { kernel } = input.world;
    if (this.fresh) this.diff.forget();
    const changes = this.diff.update(frameEntities(input));
    const events = this.newEvents(input);
    const samples = this.newSamples(input);
    this.fresh = false;
    return {
      generation: this.generation,
      at: shown(kernel.state.now),
      eventCount: kernel.state.eventCount,
      ...changes,
      packets: packets(input.world),
      ...events,
      samples,
      details: details(input.world, this.watches),
    };
  }

  /**
   * After a reset the notable events of the whole known run, the future included, what else is narrated of it and was
   * not told yet, and what was told last up to now; otherwise what is new.
   */
  private newEvents({ world, notable, narrated }: FrameInput): Pick<Frame, 'events' | 'eventsDropped'> {
    const { trace } = world.kernel.state;
    const from = Math.max(this.tracesTold, trace.start);
    this.tracesTold = trace.end;
    const remarks = remarksAfter(notable, this.fresh ? Infinity : this.notableTold);
    this.notableTold = notable.at(-1)?.entry.id ?? 0;
    const untold = entriesAfter(narrated, this.narratedTold).slice(-NARRATED_MAX);
    this.narratedTold = narrated.at(-1)?.id ?? 0;
    if (!this.fresh) {
      const fresh = inOrder([...newestOf(trace, from), ...remarks]);
      return {
        events: fresh.map(traceEvent),
        eventsDropped: trace.end - from - fresh.length + remarks.length,
      };
    }
    const entries = new Map(notable.slice(-REMEMBERED_MAX).map(({ entry }) => [entry.id, entry]));
    for (const entry of [...untold, ...newestOf(trace, Math.max(trace.start, trace.end - EVENTS_MAX))])
      entries.set(entry.id, entry);
    const events = inOrder([...entries.values()]).map(traceEvent);
    return { events, eventsDropped: Math.max(0, trace.end - events.length) };
  }

  private newSamples({ samples }: FrameInput): readonly Sample[] {
    const from = this.fresh ? 0 : Math.min(this.samplesTold, samples.length);
    this.samplesTold = samples.length;
    return samples.slice(from);
  }
}

const inOrder = (entries: TraceEntry[]): readonly TraceEntry[] => entries.sort((x, y) => x.id - y.id);

/** Of entries in order those of greater ids. */
function entriesAfter(entries: readonly TraceEntry[], id: number): readonly TraceEntry[] {
  let from = entries.length;
  while (from > 0 && (entries[from - 1] as TraceEntry).id > id) from -= 1;
  return entries.slice(from);
}

/** What an outsider remarked after an event; nodes do not tell it. */
function remarksAfter(notable: readonly NotableMoment[], id: number): readonly TraceEntry[] {
  const found: TraceEntry[] = [];
  for (let i = notable.length - 1; i >= 0; i--) {
    const { entry } = notable[i] as NotableMoment;
    if (entry.id <= id) break;
    if (entry.data.type === 'records-lost') found.push(entry);
  }
  return found;
}

/** From an index on: the newest entries, and of those before them what is narrated. */
function newestOf(trace: AppendList<TraceEntry>, from: number): TraceEntry[] {
  const first = trace.end - EVENTS_MAX;
  const found: TraceEntry[] = [];
  for (let i = from; i < trace.end; i++) {
    const entry = trace.at(i);
    if (i >= first || NARRATED.has((entry.data as TraceEventData).type)) found.push(entry);
  }
  return found;
}

const hasCalls = ({ scenario }: World): boolean => scenario.groups.some(({ calls }) => calls !== undefined);

/** Every entity of the present. */
function frameEntities({ world, history, ledger, processingOf, serviceOf }: FrameInput): Entity[] {
  const source = sourceOf(world, history);
  const replicas = replicaIndex(world);
  const groups = groupEntities(source, replicas, processingOf);
  const entities: Entity[] = [
    ...nodeEntities(source),
    ...topicEntities(source, replicas),
    ...producerEntities(source),
    ...applicationEntities(source, replicas),
    ...(hasCalls(world) ? withServices(world, groups, serviceOf) : groups),
    ...(world.scenario.shareGroups === undefined ? [] : shareGroupEntities(source, replicas)),
    ...(hasTransactions(world) ? transactionEntities(world) : []),
    ...linkEntities(source),
  ];
  return [clusterEntity(world, entities, ledger), ...entities];
}

/** Times of the person; what happened while the cluster booted has negative ones. */
const traceEvent = ({ id, at, node, cause, data }: TraceEntry): TraceEvent => ({
  id,
  at: shown(at),
  node,
  cause,
  data: data as TraceEventData,
});
