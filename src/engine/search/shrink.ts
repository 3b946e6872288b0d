import type { Command } from '../api/command.ts';
import { brokerNode, controllerNodes, memberNode, OPERATOR_NODE, type NodeId } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import type { Counterexample, Found, GoalId } from '../api/search.ts';
import { parseScenario } from '../api/scenario-parse.ts';
import { millis } from '../base/time.ts';
import { applicationFault } from '../cluster/simulation.ts';
import { cutTapes, type Tapes } from './cut-tapes.ts';
import { numbered } from './plan.ts';
import { trial } from './trial.ts';

/** What shrinking works on. */
export interface ShrinkRequest {
  readonly from: Counterexample;
  readonly tapes: Tapes;
  /** Asked before each run: whether there is still time for one. */
  readonly mayGoOn: () => boolean;
}

export interface Shrunk extends Counterexample {
  readonly runs: number;
  /** Nothing more can be left out; otherwise the time was over. */
  readonly isLeast: boolean;
}

/**
 * Leaves out of a valid counterexample what is not needed for the same goal to be met: what comes after, acts, machines, rows,
 * settings, digits of times. A smaller run is taken only if it was run and meets that goal. Each one taken has less of
 * something and more of nothing, so this always ends.
 */
export function shrink({ from, tapes, mayGoOn }: ShrinkRequest): Shrunk {
  const shrinker = new Shrinker(from, tapes, mayGoOn);
  return shrinker.run();
}

/** Gives the next smaller scenarios to try, the smallest first. */
type Step = (scenario: Scenario, found: Found) => readonly Scenario[];

class Shrinker {
  private best: Counterexample;
  private readonly tapes: Tapes;
  private readonly mayGoOn: () => boolean;
  private readonly goal: GoalId;
  private runs = 0;
  private isOver = false;

  constructor(from: Counterexample, tapes: Tapes, mayGoOn: () => boolean) {
    this.best = from;
    this.tapes = tapes;
    this.mayGoOn = mayGoOn;
    this.goal = from.found.goal;
  }

  run(): Shrunk {
    for (let before: Counterexample | undefined; before !== this.best && !this.isOver;) {
      before = this.best;
      this.take(withoutWhatFollows);
      while (this.take(withFewerRows)); // the fewer, the faster is all that comes
      this.leaveOutActs();
      for (const step of [
        withoutClients,
        withFewerRows,
        withFewerPartitions,
        withoutSettings,
        withRoundTimes,
      ])
        while (this.take(step));
    }
    return { ...this.best, runs: this.runs, isLeast: !this.isOver };
  }

  /** Takes the first of a step's scenarios that still shows it. */
  private take(step: Step): boolean {
    return step(this.best.scenario, this.best.found).some((smaller) => this.holds(smaller));
  }

  private holds(scenario: Scenario): boolean {
    if (this.isOver || !this.mayGoOn()) {
      this.isOver = true;
      return false;
    }
    if (!parseScenario(scenario).ok || applicationFault(scenario) !== undefined) return false;
    this.runs += 1;
    const result = trial(scenario, cutTapes(scenario, this.tapes), [this.goal]);
    if (result.verdict !== 'found') return false;
    this.best = { scenario, found: result.found };
    return true;
  }

  /** Delta debugging: halves of the acts first, single ones last. */
  private leaveOutActs(): void {
    let size = Math.ceil(this.best.scenario.commands.length / 2);
    while (size >= 1 && !this.isOver) {
      let left = false;
      for (let from = 0; from < this.best.scenario.commands.length;) {
        const { scenario } = this.best;
        const commands = scenario.commands.filter((_, i) => i < from || i >= from + size);
        if (this.holds({ ...scenario, commands: numbered(commands) })) left = true;
        else from += size;
      }
      if (size === 1 && !left) return;
      size = size === 1 ? 1 : Math.ceil(size / 2);
    }
  }
}

/** Nothing after the moment at which it shows. A run that is stuck shows that only at its end. */
const withoutWhatFollows: Step = (scenario, { at, goal }) => {
  if (goal === 'stuck') return [];
  const lengthMs = Math.max(1_000, Math.ceil(at / 1_000_000) * 1_000);
  const commands = scenario.commands.filter((command) => command.at <= at);
  if (lengthMs >= scenario.lengthMs && commands.length === scenario.commands.length) return [];
  return [{ ...scenario, lengthMs: Math.min(scenario.lengthMs, lengthMs), commands: numbered(commands) }];
};

/** One application, group or producer less, or one member less. */
const withoutClients: Step = (scenario) => {
  const { applications, groups, shareGroups = [], producers } = scenario;
  const one = <T>(items: readonly T[], put: (left: readonly T[]) => Scenario): Scenario[] =>
    items.map((gone) => put(items.filter((item) => item !== gone)));
  const fewer = <T extends { readonly id: string }>(
    items: readonly T[],
    less: (item: T) => T | null,
    put: (left: readonly T[]) => Scenario,
  ): Scenario[] =>
    items.flatMap((item) => {
      const small = less(item);
      return small === null ? [] : [put(items.map((other) => (other === item ? small : other)))];
    });
  const put = {
    applications: (left: typeof applications): Scenario => ({ ...scenario, applications: left }),
    groups: (left: typeof groups): Scenario => ({ ...scenario, groups: left }),
    shareGroups: (left: typeof shareGroups): Scenario => ({ ...scenario, shareGroups: left }),
    producers: (left: typeof producers): Scenario => ({ ...scenario, producers: left }),
  };
  const half = <T extends { readonly members: number }>(group: T): T | null =>
    group.members < 2 ? null : { ...group, members: group.members - 1 };
  return [
    ...one(applications, put.applications),
    ...one(groups, put.groups),
    ...one(shareGroups, put.shareGroups),
    ...(producers.length > 1 ? one(producers, put.producers) : []),
    ...fewer(
      applications,
      (a) => (a.instances < 2 ? null : { ...a, instances: a.instances - 1 }),
      put.applications,
    ),
    ...fewer(groups, half, put.groups),
    ...fewer(shareGroups, half, put.shareGroups),
  ].map(withKnownVictims);
};

/** Acts on machines that are not there any more are left out with them. */
function withKnownVictims(scenario: Scenario): Scenario {
  const { brokers, controllers = 1, producers, applications, groups, shareGroups = [] } = scenario;
  const machines = new Set<NodeId>([
    OPERATOR_NODE,
    ...brokers.map(({ id }) => brokerNode(id)),
    ...controllerNodes(controllers),
    ...producers.map(({ id }) => id),
    ...applications.flatMap(({ id, instances }) => nodesOf(id, instances)),
    ...[...groups, ...shareGroups].flatMap(({ id, members }) => nodesOf(id, members)),
  ]);
  const names = new Set([...applications, ...groups, ...shareGroups].map(({ id }) => id));
  const isKnown = ({ act }: Command): boolean => {
    if ('node' in act && !machines.has(act.node)) return false;
    if ('a' in act && !(machines.has(act.a) && machines.has(act.b))) return false;
    if (act.type === 'query') return names.has(act.application);
    return !(act.type === 'set-config' && act.target.kind === 'client' && !machines.has(act.target.node));
  };
  return { ...scenario, commands: numbered(scenario.commands.filter(isKnown)) };
}

const nodesOf = (id: string, count: number): NodeId[] =>
  Array.from({ length: count }, (_, i) => memberNode(id, i + 1));

const ROWS_LEAST = 1;

/** Half of a tape's rows, or a tenth less. */
const withFewerRows: Step = (scenario, { at, goal }) =>
  scenario.producers.flatMap((producer) => {
    const { pace, tape } = producer;
    // Without a limit: what can have been played up to the moment, at least.
    const known =
      tape.limit > 0
        ? tape.limit
        : pace.kind === 'rate'
          ? Math.ceil((pace.perSecond * at) / 1_000_000) + 1
          : 0;
    if (known <= ROWS_LEAST || (goal === 'stuck' && tape.limit === 0)) return [];
    const limits = tape.limit === 0 ? [known >> 1, known] : [known >> 1, Math.floor(known * 0.9)];
    return [...new Set(limits)]
      .filter((limit) => limit >= ROWS_LEAST && limit !== tape.limit)
      .map((limit) => ({
        ...scenario,
        producers: scenario.producers.map((p) => (p === producer ? { ...p, tape: { ...tape, limit } } : p)),
      }));
  });

const withFewerPartitions: Step = (scenario) =>
  scenario.topics.flatMap((topic) =>
    topic.partitions === 1
      ? []
      : [...new Set([1, topic.partitions >> 1])].map((partitions) => ({
          ...scenario,
          topics: scenario.topics.map((other) => (other === topic ? { ...topic, partitions } : other)),
        })),
  );

/** One setting less: Kafka's default in its place. */
const withoutSettings: Step = (scenario) => {
  type Configured = { readonly config: Readonly<Record<string, unknown>> };
  const less = <T extends Configured>(
    items: readonly T[],
    put: (left: readonly T[]) => Scenario,
  ): Scenario[] =>
    items.flatMap((item) =>
      Object.keys(item.config).map((key) => {
        const config = without(item.config, key);
        return put(items.map((other) => (other === item ? { ...item, config } : other)));
      }),
    );
  const brokerKeys = Object.keys(scenario.brokerConfig).map((key) => ({
    ...scenario,
    brokerConfig: without(scenario.brokerConfig, key),
  }));
  return [
    ...brokerKeys,
    ...less(scenario.topics, (topics) => ({ ...scenario, topics })),
    ...less(scenario.producers, (producers) => ({ ...scenario, producers })),
    ...less(scenario.groups, (groups) => ({ ...scenario, groups })),
    ...less(scenario.applications, (applications) => ({ ...scenario, applications })),
  ];
};

const without = <T>(config: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(config).filter(([other]) => other !== key));

const GRAINS_MS = [5_000, 1_000, 500, 100, 10];

/** Each act at a rounder time. */
const withRoundTimes: Step = (scenario) =>
  scenario.commands.flatMap((command) =>
    GRAINS_MS.filter((grain) => (command.at - 1) % millis(grain) !== 0 || command.at % millis(grain) !== 0)
      .map((grain) => Math.max(1, Math.round(command.at / millis(grain)) * millis(grain)))
      .filter((at) => digits(at) < digits(command.at))
      .map((at) => ({
        ...scenario,
        commands: numbered(scenario.commands.map((other) => (other === command ? { ...other, at } : other))),
      })),
  );

/** Digits of a time in µs, without the zeros at its end. */
const digits = (at: number): number => String(at).replace(/0+$/, '').length;
