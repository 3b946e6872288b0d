import { createStore, type StoreApi } from 'zustand/vanilla';
import { GOAL_IDS, type Counterexample, type GoalId, type Trial } from '../../engine/api/search.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { WEATHERS, type FaultKind, type Weather } from '../../engine/api/weather.ts';
import { trySeeds, type Lane, type SearchRequest } from '../../workers/search/lanes.ts';
import {
  cutTapes,
  openLane,
  planOf,
  startShrinking,
  type Shrunk,
} from '../../workers/search/search-client.ts';
import type { AppState } from './app-state.ts';
import type { Bookmark, bookmarkNow } from './bookmark.ts';
import type { tapesOf } from './library.ts';

/** What a person asks for. */
export interface SearchWish {
  /** Null: any of them. */
  readonly goal: GoalId | null;
  /** Id of a ready-made one, or `own`. */
  readonly weather: string;
  /** Of a weather of one's own. */
  readonly kinds: readonly FaultKind[];
  readonly most: number;
  readonly seeds: number;
  /** Ends with the first that is found; otherwise every seed is judged. */
  readonly stopAtFirst: boolean;
}

/** What became of one seed, as far as the page keeps it. */
export interface SeedLine {
  readonly seed: number;
  readonly verdict: Trial['verdict'] | 'none';
  /** When something was found, and what; why there is no verdict. */
  readonly at: number;
  readonly goal: GoalId | null;
  readonly sentence: string;
}

export type SearchPhase = 'idle' | 'searching' | 'shrinking' | 'done' | 'stopped';

export interface SearchState {
  readonly wish: SearchWish;
  readonly phase: SearchPhase;
  /** Of the scenario that is searched, '' before the first search. */
  readonly name: string;
  /** In order of seeds. */
  readonly lines: readonly SeedLine[];
  /** In how many runs it happened, by name. */
  readonly reached: ReadonlyMap<string, number>;
  /** Runs of a second of wall time so far. */
  readonly rate: number;
  readonly workers: number;
  readonly found: (Counterexample & { readonly seed: number }) | null;
  readonly least: Shrunk | null;
  /** A run of the search is on the stage, and not the one that was there when it began. */
  readonly isAway: boolean;
  /** One sentence. */
  readonly problem: string | null;
}

/** What the search asks of the page around it: imported from here it would tear scripts of the first load apart. */
export interface SearchDoors {
  /** Goes to a moment of a run. False: it cannot be gone to, and the person was told why. */
  readonly open: (bookmark: Bookmark) => Promise<boolean>;
  readonly bookmarkNow: typeof bookmarkNow;
  readonly tapesOf: typeof tapesOf;
}

const SHRINK_MS = 30_000;

const START: SearchState = {
  wish: {
    goal: null,
    weather: 'ordinary',
    kinds: ['crash', 'pause'],
    most: 3,
    seeds: 100,
    stopAtFirst: true,
  },
  phase: 'idle',
  name: '',
  lines: [],
  reached: new Map(),
  rate: 0,
  workers: 0,
  found: null,
  least: null,
  isAway: false,
  problem: null,
};

const searches = new WeakMap<AppState, Search>();

/** The search of a page; whoever asks first says what is around it. */
export function searchOf(app: AppState, doors?: SearchDoors): Search {
  let search = searches.get(app);
  if (search === undefined) {
    search = new Search(app, doors as SearchDoors);
    searches.set(app, search);
  }
  return search;
}

/** Looks for a seed that does harm, in workers of its own; the run on the stage is left alone. */
export class Search {
  readonly store: StoreApi<SearchState> = createStore<SearchState>(() => START);
  private readonly app: AppState;
  private readonly doors: SearchDoors;
  private readonly running = new Set<Lane>();
  private stopShrinking: (() => void) | null = null;
  /** Another number for each search: what an older one still says is not heard. */
  private turn = 0;
  private request: SearchRequest | null = null;
  /** Where the person was when the search began. */
  private home: Bookmark | null = null;

  constructor(app: AppState, doors: SearchDoors) {
    this.app = app;
    this.doors = doors;
  }

  private get now(): SearchState {
    return this.store.getState();
  }

  wish(change: Partial<SearchWish>): void {
    this.store.setState(({ wish }) => ({ wish: { ...wish, ...change } }));
  }

  async begin(): Promise<void> {
    this.stop();
    const turn = ++this.turn;
    const { wish } = this.now;
    const bookmark = this.doors.bookmarkNow(this.app);
    if (bookmark === null) return;
    const { scenario } = bookmark;
    this.home = bookmark;
    this.store.setState({ ...START, wish, phase: 'searching', name: scenario.name });
    const tapes = await this.doors.tapesOf(scenario);
    if (turn !== this.turn) return;
    if (!tapes.ok) {
      this.store.setState({ phase: 'idle', problem: tapes.error.sentence });
      return;
    }
    const request: SearchRequest = {
      scenario,
      tapes: cutTapes(scenario, tapes.value),
      weather: weatherOf(wish),
      goals: wish.goal === null ? GOAL_IDS : [wish.goal],
    };
    this.request = request;
    await this.try(request, turn);
    if (turn !== this.turn) return;
    if (this.now.found === null || !wish.stopAtFirst) this.store.setState({ phase: 'done' });
    else await this.shrink(turn);
  }

  private async try(request: SearchRequest, turn: number): Promise<void> {
    const { wish } = this.now;
    const workers = Math.max(1, navigator.hardwareConcurrency - 1); // one core is left to the page and its run
    const began = performance.now();
    this.store.setState({ workers });
    const open = (): Lane => {
      const lane = openLane(request);
      this.running.add(lane);
      return lane;
    };
    await trySeeds({ seeds: wish.seeds, from: 1, lanes: workers, open }, ({ seed, trial, problem }) => {
      if (turn !== this.turn) return false;
      const line = lineOf(seed, trial, problem);
      const reached = new Map(this.now.reached);
      for (const name of trial?.facts.reached ?? []) reached.set(name, (reached.get(name) ?? 0) + 1);
      const lines = [...this.now.lines, line].sort((a, b) => a.seed - b.seed);
      const rate = lines.length / ((performance.now() - began) / 1_000);
      this.store.setState({ lines, reached, rate });
      if (trial?.verdict !== 'found') return true;
      if (this.now.found === null || seed < this.now.found.seed)
        this.store.setState({ found: { seed, scenario: this.planOf(seed), found: trial.found } });
      return !wish.stopAtFirst;
    });
    this.running.clear();
  }

  /** The run of a seed of the present search. */
  private planOf(seed: number): Scenario {
    const { request } = this;
    if (request === null) throw new Error('no search has begun');
    return planOf(request.scenario, seed, request.weather);
  }

  private async shrink(turn: number): Promise<void> {
    const { found } = this.now;
    if (found === null || this.request === null) return;
    this.store.setState({ phase: 'shrinking' });
    const { done, stop } = startShrinking(found, this.request.tapes, SHRINK_MS);
    this.stopShrinking = stop;
    const least = await done;
    if (turn !== this.turn) return;
    this.stopShrinking = null;
    this.store.setState(
      least.ok ? { phase: 'done', least: least.value } : { phase: 'done', problem: least.error },
    );
  }

  /** Ends the workers at once; what is known stays. */
  stop(): void {
    this.turn += 1;
    for (const lane of this.running) lane.close();
    this.running.clear();
    this.stopShrinking?.();
    this.stopShrinking = null;
    if (this.now.phase === 'searching' || this.now.phase === 'shrinking')
      this.store.setState({ phase: 'stopped' });
  }

  /** Puts the run of a seed on the stage, at its moment. */
  async openSeed({ seed, at, sentence }: SeedLine): Promise<void> {
    await this.show(this.planOf(seed), at, sentence);
  }

  async openLeast(): Promise<void> {
    const { least } = this.now;
    if (least !== null) await this.show(least.scenario, least.found.at, least.found.sentence);
  }

  private async show(scenario: Scenario, at: number, sentence: string): Promise<void> {
    const opened = await this.doors.open({
      scenario,
      at,
      selected: null,
      rung: 'topology',
      focusPartition: null,
      engine: '',
    });
    if (!opened) return;
    this.store.setState({ isAway: true });
    this.app.actions.say(sentence);
  }

  /** Back to the run that was searched, at the moment of then. */
  async goHome(): Promise<void> {
    if (this.home !== null && (await this.doors.open(this.home))) this.store.setState({ isAway: false });
  }
}

const weatherOf = ({ weather, kinds, most }: SearchWish): Weather =>
  WEATHERS.find(({ id }) => id === weather) ?? { id: 'own', name: 'Own', kinds, most, together: true };

function lineOf(seed: number, trial: Trial | undefined, problem: string | undefined): SeedLine {
  if (trial === undefined) return { seed, verdict: 'none', at: 0, goal: null, sentence: problem ?? '' };
  const { at } = trial.facts;
  switch (trial.verdict) {
    case 'found':
      return {
        seed,
        verdict: 'found',
        at: trial.found.at,
        goal: trial.found.goal,
        sentence: trial.found.sentence,
      };
    case 'broken':
      return { seed, verdict: 'broken', at, goal: null, sentence: trial.sentence };
    case 'right':
      return {
        seed,
        verdict: 'right',
        at,
        goal: null,
        sentence: 'Nothing of what was looked for came about.',
      };
  }
}
