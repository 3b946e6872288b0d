import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Json } from '../../engine/base/json.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import type { Problem } from '../../engine/api/scenario-problem.ts';
import type { Scenario, Tape } from '../../engine/api/scenario.ts';
import type {
  DriverRun,
  DriverStep,
  PipeStep,
  TopologyFigure,
  TopologySource,
} from '../../engine/api/topology-driver.ts';
import { openTopologyDriver } from '../../workers/topology-driver-client.ts';
import type { DrawnTopology } from '../../workers/topology-driver-worker.ts';
import { EXAMPLES, exampleSession } from '../view-model/topology/examples.ts';
import type { AppState } from './app-state.ts';
import type { Bookmark, bookmarkNow, parseBookmark } from './bookmark.ts';
import type { tapesOf } from './library.ts';

export type { DrawnTopology } from '../../workers/topology-driver-worker.ts';
export type {
  Flow,
  PlacedEdge,
  PlacedNode,
  PlacedPart,
  PlacedStore,
  PlacedTopic,
  PlacedTopology,
} from '../../workers/topology-layout.ts';

export type BenchTab = 'topology' | 'driver' | 'text';

/** A topology on the bench, and a test driver that is at it. */
export interface BenchState {
  /** `application:<id>` of the scenario, `example:<id>`, or `session` for one that was brought as text. */
  readonly subject: string;
  readonly tab: BenchTab;
  /** The topology as it is now: the subject's own, or what a person made of it. */
  readonly source: TopologySource | null;
  readonly edited: boolean;
  readonly drawn: DrawnTopology | null;
  /** All that was done to the driver. */
  readonly steps: readonly DriverStep[];
  /** After all steps. */
  readonly whole: DriverRun | null;
  /** The step that is looked at, from 0; −1 before the first. */
  readonly at: number;
  /** After that step. */
  readonly run: DriverRun | null;
  /** Records that the subject offers to be piped next, in order. */
  readonly offered: readonly PipeStep[];
  /** What went wrong, as one sentence. */
  readonly problem: string | null;
  /** The name of a node that is looked at. */
  readonly node: string | null;
}

const EMPTY: BenchState = {
  subject: '',
  tab: 'topology',
  source: null,
  edited: false,
  drawn: null,
  steps: [],
  whole: null,
  at: -1,
  run: null,
  offered: [],
  problem: null,
  node: null,
};

export interface Bench {
  readonly store: StoreApi<BenchState>;
  readonly doors: BenchDoors;
  /** Puts a subject on the bench, with nothing piped yet; the one that lies there stays as it is. */
  open(subject: string): Promise<void>;
  show(tab: BenchTab): void;
  pick(node: string | null): void;
  /** Does further steps; they are kept only if they could be done. */
  then(...steps: readonly DriverStep[]): Promise<boolean>;
  /** The same without its last step. */
  takeBack(): Promise<void>;
  beginAnew(): Promise<void>;
  lookAt(step: number): Promise<void>;
  /** Reads a topology as text, without taking it. */
  read(text: string): Promise<Result<TopologySource, Problem>>;
  /** Takes another topology for the subject: the steps are done again with it. */
  take(source: TopologySource): Promise<boolean>;
  /** Back to the topology as the subject has it. */
  restore(): Promise<void>;
  openSession(text: string): Promise<Problem | null>;
  sessionText(): Promise<string>;
  /** Lets the worker go; it begins again when it is asked. */
  rest(): void;
}

/** What the bench asks of the page around it: imported from here it would tear scripts of the first load apart. */
export interface BenchDoors {
  /** Goes to a moment of a run. False: it cannot be gone to, and the person was told why. */
  readonly open: (bookmark: Bookmark) => Promise<boolean>;
  readonly bookmarkNow: typeof bookmarkNow;
  readonly parseBookmark: typeof parseBookmark;
  readonly tapesOf: typeof tapesOf;
}

const benches = new WeakMap<AppState, Bench>();

/** The bench of a page; whoever asks first says what is around it. */
export function benchOf(app: AppState, doors?: BenchDoors): Bench {
  let bench = benches.get(app);
  if (bench === undefined) {
    bench = new OneBench(app, doors as BenchDoors);
    benches.set(app, bench);
  }
  return bench;
}

/** All topologies that can be put on the bench. */
export const subjectsOf = (
  scenario: Scenario | null,
): readonly { readonly id: string; readonly name: string }[] => [
  ...(scenario?.applications ?? []).map(({ id }) => ({ id: `application:${id}`, name: id })),
  ...EXAMPLES.map(({ id, name }) => ({ id: `example:${id}`, name: `Example: ${name}` })),
];

class OneBench implements Bench {
  readonly store = createStore<BenchState>(() => EMPTY);
  private readonly app: AppState;
  private readonly driver = openTopologyDriver();
  /** The last change of the steps that was asked for. */
  private last: Promise<unknown> = Promise.resolve();
  readonly doors: BenchDoors;

  constructor(app: AppState, doors: BenchDoors) {
    this.app = app;
    this.doors = doors;
  }

  private get now(): BenchState {
    return this.store.getState();
  }

  private get scenario(): Scenario | null {
    return this.app.run.getState().scenario;
  }

  /** What changes the steps sees those that the change before has left. */
  private inTurn(change: () => Promise<boolean>): Promise<boolean> {
    const result = this.last.then(change, change);
    this.last = result;
    return result;
  }

  async open(subject: string): Promise<void> {
    const found = sourceOf(subject, this.scenario);
    const { subject: known, edited, source, tab } = this.now;
    if (found === null) return;
    if (known === subject && source !== null) {
      const same = JSON.stringify(source) === JSON.stringify(found.source);
      if (same && edited) this.store.setState({ edited: false }); // the scenario runs with the change now
      if (same || edited) return;
    }
    this.store.setState({ ...EMPTY, subject, tab });
    await this.put(found.source, { subject, edited: false, steps: [], offered: found.offered });
    await this.offerTape(subject);
  }

  /** A tape of the scenario has more to offer than an example. */
  private async offerTape(subject: string): Promise<void> {
    const { scenario } = this;
    const { drawn, offered } = this.now;
    if (scenario === null || drawn === null || offered.length > 0 || this.now.subject !== subject) return;
    const tapes = await this.doors.tapesOf(scenario);
    if (!tapes.ok) return;
    const records = tapeRecords(scenario, tapes.value, drawn.figure);
    if (this.now.subject === subject) this.store.setState({ offered: records });
  }

  show = (tab: BenchTab): void => this.store.setState({ tab });
  pick = (node: string | null): void => this.store.setState({ node });
  then = (...steps: readonly DriverStep[]): Promise<boolean> =>
    this.inTurn(() => this.rerun([...this.now.steps, ...steps]));

  async takeBack(): Promise<void> {
    await this.inTurn(() => this.rerun(this.now.steps.slice(0, -1)));
  }

  async beginAnew(): Promise<void> {
    await this.inTurn(() => this.rerun([]));
  }

  async lookAt(step: number): Promise<void> {
    const { source, steps, subject, whole } = this.now;
    if (source === null) return;
    const at = Math.max(-1, Math.min(step, steps.length - 1));
    const isLast = at === steps.length - 1;
    const run = isLast ? ok(whole) : await this.driver.run({ source, steps: steps.slice(0, at + 1) });
    if (run.ok && this.now.subject === subject && this.now.source === source)
      this.store.setState({ at, run: run.value });
  }

  read(text: string): Promise<Result<TopologySource, Problem>> {
    const { applicationId = 'app', config = {} } = this.now.source ?? {};
    return this.driver.read({ applicationId, config }, text);
  }

  take = (source: TopologySource): Promise<boolean> => this.put(source, { edited: true });

  async restore(): Promise<void> {
    const found = sourceOf(this.now.subject, this.scenario);
    if (found !== null) await this.put(found.source, { edited: false });
  }

  async openSession(text: string): Promise<Problem | null> {
    const session = await this.driver.readSession(text);
    if (!session.ok) return session.error;
    const { source, steps } = session.value;
    await this.put(source, { ...EMPTY, tab: this.now.tab, subject: 'session', edited: true, steps });
    return null;
  }

  async sessionText(): Promise<string> {
    const { source, steps } = this.now;
    if (source === null) return '';
    const text = await this.driver.printSession({ source, steps });
    return text.ok ? text.value : '';
  }

  rest = (): void => this.driver.close();

  /** Draws another topology and does the steps with it; steps that do not fit it are let go of. */
  private async put(source: TopologySource, change: Partial<BenchState>): Promise<boolean> {
    const drawn = await this.driver.draw(source);
    if (!drawn.ok) return this.fail(drawn.error);
    const { subject, steps } = { ...this.now, ...change };
    this.store.setState({ ...change, subject, source, drawn: drawn.value, node: null, problem: null });
    if (await this.rerun(steps)) return true;
    const { problem } = this.now;
    await this.rerun([]);
    this.store.setState({ problem });
    return true;
  }

  /** Runs the steps and keeps what came of it, unless something else was put on the bench meanwhile. */
  private async rerun(steps: readonly DriverStep[]): Promise<boolean> {
    const { subject, source } = this.now;
    if (source === null) return false;
    const run = await this.driver.run({ source, steps });
    if (this.now.source !== source || this.now.subject !== subject) return false;
    if (!run.ok) return this.fail(run.error);
    const done = steps.slice(0, run.value.steps.length);
    this.store.setState({
      steps: done,
      whole: run.value,
      run: run.value,
      at: done.length - 1,
      problem: null,
    });
    return true;
  }

  private fail({ message: problem }: Problem): false {
    this.store.setState({ problem });
    return false;
  }
}

function sourceOf(
  subject: string,
  scenario: Scenario | null,
): { readonly source: TopologySource; readonly offered: readonly PipeStep[] } | null {
  const example = EXAMPLES.find(({ id }) => `example:${id}` === subject);
  if (example !== undefined) return exampleSession(example);
  const application = scenario?.applications.find(({ id }) => `application:${id}` === subject);
  if (application === undefined) return null;
  const { id: applicationId, topology, config } = application;
  return { source: { applicationId, topology, config }, offered: [] };
}

/** Rows of the tapes that are offered to a driver. */
const OFFERED_MAX = 1_000;

/** The first rows that the scenario's producers write to topics that the topology reads, by time. */
function tapeRecords(
  scenario: Scenario,
  tapes: Readonly<Record<string, Tape>>,
  { inputs }: TopologyFigure,
): readonly PipeStep[] {
  const rows = scenario.producers.flatMap(({ id, topic }) => {
    const input = inputs.find((one) => one.topic === topic);
    const tape = tapes[id];
    return input === undefined || tape === undefined ? [] : rowsOf(tape, input);
  });
  return rows.sort((a, b) => a.ts - b.ts).slice(0, OFFERED_MAX);
}

function rowsOf(tape: Tape, { topic, key, value }: TopologyFigure['inputs'][number]): PipeStep[] {
  return Array.from({ length: Math.min(tape.count, OFFERED_MAX) }, (_, i) => ({
    pipe: topic,
    key: jsonOf(tape.keys[i] ?? null, key),
    value: jsonOf(tape.values[i] ?? null, value),
    ts: tape.timestamps[i] ?? 0,
  }));
}

const utf8 = new TextDecoder();

/** `bytes`: a byte in each char, as tapes have them. What the topic's type cannot read is offered as the bytes that it is. */
function jsonOf(bytes: string | null, type: string): Json {
  if (bytes === null) return null;
  const text = utf8.decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  if (type === 'string') return text;
  return (type === 'json' ? jsonObject(text) : undefined) ?? { utf8: text };
}

function jsonObject(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A key or value as a person types it. The error is one sentence. */
export function readTyped(text: string, type: string, what: string): Result<Json, string> {
  if (type === 'string') return ok(text);
  if (type === 'long')
    return /^[-−]?\d{1,19}$/.test(text.trim())
      ? ok(text.trim().replace('−', '-'))
      : err(`The ${what} must be a whole number; the topic is read as long.`);
  const value = jsonObject(text);
  if (value !== undefined) return ok(value);
  return err(`The ${what} must be a JSON object such as {"id": 1}; the topic is read as json.`);
}

/** The text of a key or value, as {@link readTyped} reads it. */
export const typedText = (json: Json, type: string): string =>
  json === null
    ? ''
    : type === 'json'
      ? JSON.stringify(json)
      : typeof json === 'string'
        ? json
        : JSON.stringify(json);
