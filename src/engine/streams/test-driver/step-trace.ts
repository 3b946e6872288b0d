import type { DriverChange, DriverOutput, DropReason, StepOutcome } from '../../api/topology-driver.ts';
import type { StoreChange } from '../state-stores/store.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { OutgoingRecord } from '../task/outgoing-record.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import { sourceOfTopic } from '../topology/processor-topology.ts';
import { changeJson, isInternal, outgoingJson } from './record-json.ts';
import type { DriverListener } from './topology-test-driver.ts';
import { childrenOf, type Trace } from './traced-topology.ts';

/** Records that one step may set off: beyond it a topology is taken to feed itself without end. */
const PASSES_MAX = 20_000;

/** Outputs, and writes to changelogs, that are told of one step. */
const LISTED_MAX = 500;

/** Where records of a topic enter: the source, and the nodes that it forwards to. */
type Entrances = ReadonlyMap<string, { readonly source: string; readonly children: readonly string[] }>;

/** Writes down what one step after the other does. */
export class StepTrace implements DriverListener, Trace {
  readonly visits = new Map<string, number>();
  private readonly topology: BuiltTopology;
  private readonly entrances: Entrances;
  private readonly globals: Entrances;
  private outputs: DriverOutput[] = [];
  private changes: DriverChange[] = [];
  private hops = new Map<string, { from: string | null; to: string; records: number }>();
  private drops = new Map<string, { node: string | null; reason: DropReason; records: number }>();
  private failures: string[] = [];
  private passes = 0;
  private processed = 0;

  constructor(topology: BuiltTopology) {
    this.topology = topology;
    this.entrances = entrancesOf(topology.whole);
    this.globals = new Map(topology.globalStores.flatMap((part) => [...entrancesOf(part)]));
  }

  processing(topic: string): void {
    this.processed += 1;
    this.enter(this.entrances, topic);
  }

  /** A record went straight into a global store. */
  intoGlobal(topic: string): void {
    this.enter(this.globals, topic);
  }

  produced(record: OutgoingRecord): void {
    const { topic } = record;
    const output = { topic, isInternal: isInternal(this.topology, topic), record: outgoingJson(record) };
    this.outputs.push(output);
    this.intoGlobal(topic);
  }

  changelog(change: StoreChange, topic: string): void {
    this.changes.push({ topic, record: changeJson(change) });
  }

  passed(from: string, to: string): void {
    this.hop(from, to);
  }

  dropped(node: string, reason: DropReason): void {
    this.drop(node, reason, 1);
  }

  failed(node: string): void {
    this.failures.push(node);
  }

  /** What the step since the last call did. `dropped`: by how much the task's own count grew meanwhile. */
  take(dropped: number): Pick<StepOutcome, 'outputs' | 'changes' | 'hidden' | 'hops' | 'drops'> {
    this.tellTheOthers(dropped);
    const outputs = this.outputs.slice(0, LISTED_MAX);
    const changes = this.changes.slice(0, LISTED_MAX);
    const taken = {
      outputs,
      changes,
      hidden: this.outputs.length - outputs.length + this.changes.length - changes.length,
      hops: [...this.hops.values()],
      drops: [...this.drops.values()],
    };
    this.outputs = [];
    this.changes = [];
    this.hops = new Map();
    this.drops = new Map();
    this.failures = [];
    this.passes = 0;
    this.processed = 0;
    return taken;
  }

  /** Drops that no operator told of: its handler went on, the source could not read, or a store no longer remembers. */
  private tellTheOthers(dropped: number): void {
    let others = dropped;
    for (const { records } of this.drops.values()) others -= records;
    for (const node of this.failures)
      if (others > 0) {
        this.drop(node, 'failed', 1);
        others -= 1;
      }
    if (others > 0) this.drop(null, this.processed === 0 ? 'unreadable' : 'expired', others);
  }

  private enter(entrances: Entrances, topic: string): void {
    const entrance =
      entrances.get(topic) ?? (entrances === this.entrances ? this.byPattern(topic) : undefined);
    if (entrance === undefined) return;
    this.hop(null, entrance.source);
    for (const child of entrance.children) this.hop(entrance.source, child);
  }

  private byPattern(topic: string) {
    const source = sourceOfTopic(this.topology.whole, topic);
    if (source === undefined) return undefined;
    return { source: source.name, children: childrenOf(this.topology.whole.nodes).get(source.name) ?? [] };
  }

  private hop(from: string | null, to: string): void {
    this.passes += 1;
    if (this.passes > PASSES_MAX)
      throw new StreamsError(
        'EndlessLoop',
        `One record has set off more than ${PASSES_MAX / 1000},000 others, so the topology seems to feed itself without end.`,
      );
    const key = `${from ?? ''} ${to}`;
    const known = this.hops.get(key);
    if (known === undefined) this.hops.set(key, { from, to, records: 1 });
    else known.records += 1;
    this.visits.set(to, (this.visits.get(to) ?? 0) + 1);
  }

  private drop(node: string | null, reason: DropReason, records: number): void {
    const key = `${node ?? ''} ${reason}`;
    const known = this.drops.get(key);
    if (known === undefined) this.drops.set(key, { node, reason, records });
    else known.records += records;
  }
}

function entrancesOf(part: BuiltTopology['whole']): Entrances {
  const children = childrenOf(part.nodes);
  return new Map(
    [...part.sourceOf].map(([topic, { name }]) => [
      topic,
      { source: name, children: children.get(name) ?? [] },
    ]),
  );
}
