import { ANCHOR_NAMES, ANCHORS } from '../api/anchors.ts';
import type { Command, CommandAct } from '../api/command.ts';
import { brokerNode, controllerNodes, memberNode, type NodeId } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import type { FaultKind, Weather } from '../api/weather.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';

/** Faults of a run begin after this, and their victims are well again before the run's length is over. In ms. */
const FIRST_MS = 1_500;
/** Times that Kafka's defaults wait for: faults as long as these, and a little more or less, find most. */
const NAMED_MS = [500, 3_000, 6_000, 9_000, 10_000, 30_000, 45_000];

/**
 * The run of a seed: the scenario with that seed, its own acts, and faults after the weather. The plan is data: whoever
 * has it needs neither seed nor weather. Faults that make no sense where they stand do nothing, so that any may be left out.
 */
export function planOf(scenario: Scenario, seed: number, weather: Weather): Scenario {
  const prng = prngStream(seed, 'weather');
  const kinds = weather.kinds.filter((kind) => DRAWS[kind].where(scenario).length > 0);
  // One fault only and all that may be, each in a tenth of the runs: both find what the middle does not.
  const extreme = below(prng, 10);
  const many = extreme === 0 ? weather.most : extreme === 1 ? 1 : 1 + below(prng, Math.max(1, weather.most));
  const swarm = kinds.filter(() => below(prng, 2) === 0);
  const allowed = extreme === 0 || swarm.length === 0 ? kinds : swarm;
  const acts: { at: number; act: CommandAct }[] = [];
  const endMs = Math.max(FIRST_MS + 1_000, scenario.lengthMs * 0.8);
  let nextMs = FIRST_MS;
  for (let i = 0; i < many && allowed.length > 0 && weather.most > 0; i++) {
    const own = prngStream(seed, `weather-${i}`); // leaving one out leaves the others as they are
    const kind = pick(own, allowed);
    const lengthMs = Math.min(lengthOf(own), endMs - FIRST_MS);
    const fromMs = weather.together ? FIRST_MS : nextMs;
    if (fromMs >= endMs) break;
    const beginMs =
      fromMs + below(own, Math.max(1, Math.floor(endMs - fromMs) >> (weather.together ? 0 : 1)));
    nextMs = beginMs + lengthMs + 500;
    const { begin, end } = DRAWS[kind].draw(own, DRAWS[kind].where(scenario), scenario);
    acts.push({ at: beginMs, act: begin });
    if (end !== null) acts.push({ at: beginMs + lengthMs, act: end });
  }
  return { ...scenario, seed, commands: numbered([...scenario.commands, ...acts.map(atMicros)]) };
}

const atMicros = ({ at, act }: { at: number; act: CommandAct }): Omit<Command, 'id'> => ({
  at: millis(at) + 1,
  act,
});

/** In order of time, with ids from 1. */
export const numbered = (commands: readonly Omit<Command, 'id'>[]): readonly Command[] =>
  commands
    .map((command, i) => ({ command, i }))
    .sort((a, b) => a.command.at - b.command.at || a.i - b.i)
    .map(({ command }, i) => ({ ...command, id: i + 1 }));

/** ms: near a named time in half of all cases, else anything up to 20 s, short ones as often as long ones. */
function lengthOf(prng: PrngState): number {
  if (below(prng, 2) === 0) return Math.max(50, pick(prng, NAMED_MS) - 400 + below(prng, 800));
  return 50 + below(prng, 1 << (6 + below(prng, 9)));
}

interface Acts {
  readonly begin: CommandAct;
  /** Null: it heals by itself. */
  readonly end: CommandAct | null;
}

interface Draw {
  /** Machines that this can happen to. */
  readonly where: (scenario: Scenario) => readonly NodeId[];
  readonly draw: (prng: PrngState, where: readonly NodeId[], scenario: Scenario) => Acts;
}

const brokers = (scenario: Scenario): NodeId[] => scenario.brokers.map(({ id }) => brokerNode(id));
const instances = ({ applications }: Scenario): NodeId[] =>
  applications.flatMap(({ id, instances: n }) => upTo(n).map((i) => memberNode(id, i)));
const members = ({ groups, shareGroups = [] }: Scenario): NodeId[] =>
  [...groups, ...shareGroups].flatMap(({ id, members: n }) => upTo(n).map((i) => memberNode(id, i)));
const clients = (scenario: Scenario): NodeId[] => [
  ...scenario.producers.map(({ id }) => id),
  ...instances(scenario),
  ...members(scenario),
];
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

const stopped =
  (type: 'crash' | 'power-off' | 'wipe-disk' | 'shut-down') =>
  (prng: PrngState, where: readonly NodeId[]): Acts => {
    const node = pick(prng, where);
    return { begin: { type, node }, end: { type: 'start', node } };
  };

function paused(prng: PrngState, where: readonly NodeId[]): Acts {
  const node = pick(prng, where);
  return { begin: { type: 'pause', node }, end: { type: 'resume', node } };
}

/** Two different machines. */
function pair(prng: PrngState, where: readonly NodeId[]): readonly [NodeId, NodeId] {
  const a = pick(prng, where);
  const b = pick(
    prng,
    where.filter((node) => node !== a),
  );
  return [a, b];
}

const everybody = (scenario: Scenario): NodeId[] => [
  ...brokers(scenario),
  ...brokers(scenario), // twice as often: that is where most is at stake
  ...controllerNodes(scenario.controllers ?? 1),
  ...clients(scenario),
];

const SLOW_MICROS = [50_000, 200_000, 1_000_000];

const DRAWS: Readonly<Record<FaultKind, Draw>> = {
  crash: { where: brokers, draw: stopped('crash') },
  'power-off': { where: brokers, draw: stopped('power-off') },
  'wipe-disk': { where: brokers, draw: stopped('wipe-disk') },
  'shut-down': { where: brokers, draw: stopped('shut-down') },
  pause: { where: brokers, draw: paused },
  cut: {
    where: everybody,
    draw: (prng, where) => {
      const [a, b] = pair(prng, where);
      return { begin: { type: 'cut-link', a, b }, end: { type: 'heal-link', a, b } };
    },
  },
  slow: {
    where: everybody,
    draw: (prng, where) => {
      const [a, b] = pair(prng, where);
      const extraMicros = pick(prng, SLOW_MICROS);
      return {
        begin: { type: 'slow-link', a, b, extraMicros },
        end: { type: 'slow-link', a, b, extraMicros: 0 },
      };
    },
  },
  controller: {
    where: ({ controllers = 1 }) => controllerNodes(controllers),
    draw: (prng, where) => (below(prng, 2) === 0 ? paused : stopped('crash'))(prng, where),
  },
  'client-crash': { where: clients, draw: stopped('crash') },
  'client-pause': { where: clients, draw: paused },
  anchor: {
    where: (scenario) => [
      ...(isTransactional(scenario) ? brokers(scenario) : []),
      ...instances(scenario),
      ...callers(scenario),
    ],
    draw: (prng, where, scenario) => {
      const node = pick(prng, where);
      const role = instances(scenario).includes(node)
        ? 'streams-instance'
        : callers(scenario).includes(node)
          ? 'consumer'
          : 'broker';
      const anchor = pick(
        prng,
        ANCHOR_NAMES.filter((name) => ANCHORS[name] === role),
      );
      return {
        begin: { type: 'crash-at', node, anchor, passes: below(prng, 1 << below(prng, 8)) },
        end: { type: 'start', node },
      };
    },
  },
};

/** Members of groups that call a service. */
const callers = ({ groups }: Scenario): NodeId[] =>
  groups.flatMap(({ id, members: n, calls }) =>
    calls === undefined ? [] : upTo(n).map((i) => memberNode(id, i)),
  );

/** Whether brokers coordinate transactions. */
const isTransactional = ({ producers, applications, groups }: Scenario): boolean =>
  producers.some(({ config }) => config['transactional.id'] !== undefined) ||
  groups.some(({ output }) => output !== undefined) ||
  applications.some(({ config }) => config['processing.guarantee'] === 'exactly_once_v2');
