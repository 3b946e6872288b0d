import { ANCHOR_NAMES, ANCHORS } from '../../api/anchors.ts';
import { brokerNode, controllerNodes, memberNode, type NodeId } from '../../api/ids.ts';
import type { Scenario } from '../../api/scenario.ts';
import { below, pick, prngStream, type PrngState } from '../../base/prng.ts';
import { millis } from '../../base/time.ts';
import type { Feature, Features } from './features.ts';
import { AIMS, type Aim } from './aims.ts';
import type { SwarmAct } from './swarm-acts.ts';
import { COPIERS, LOG_DIRS } from './swarm-scenario.ts';
import { groupMembers } from '../random-faults.ts';

/** Something that goes wrong for a while. The next one begins when everything is back in sync, and so much later. */
export interface SwarmFault {
  readonly acts: (victim: NodeId) => Acts;
  /** What is waited for, and who is hit then; otherwise it is the node, at once. */
  readonly victim: NodeId | Aim;
  /** ms. */
  readonly length: number;
  readonly gap: number;
}

interface Acts {
  readonly begin: SwarmAct;
  /** What happens besides, and how many ms later. */
  readonly then?: readonly (readonly [afterMs: number, act: SwarmAct])[];
  readonly end: SwarmAct;
}

const FAULTS_MAX = 4;

/** The faults of a seed, one at a time, of the kinds that it has switched on. */
export function swarmFaults(scenario: Scenario, features: Features): SwarmFault[] {
  const prng = prngStream(scenario.seed, 'swarm-faults');
  const kinds = DRAWS.filter(([feature]) => features.has(feature));
  const faults: SwarmFault[] = [];
  const count = kinds.length === 0 ? 0 : 1 + below(prng, FAULTS_MAX);
  for (let i = 0; i < count; i++) {
    const [, draw] = pick(prng, kinds);
    faults.push(draw(prng, { scenario, features }));
  }
  return faults;
}

interface Place {
  readonly scenario: Scenario;
  readonly features: Features;
}

type Draw = (prng: PrngState, place: Place) => SwarmFault;

const brokerOf = (prng: PrngState, { brokers }: Scenario): NodeId => brokerNode(pick(prng, brokers).id);

const DRAWS: readonly (readonly [Feature, Draw])[] = [
  ['crash', (prng, { scenario }) => stopped(prng, 'crash', brokerOf(prng, scenario), 6_000)],
  ['power-off', (prng, { scenario }) => stopped(prng, 'power-off', brokerOf(prng, scenario), 6_000)],
  ['shut-down', (prng, { scenario }) => stopped(prng, 'shut-down', brokerOf(prng, scenario), 8_000)],
  ['pause', (prng, { scenario }) => paused(prng, brokerOf(prng, scenario), 12_000)],
  ['cut', (prng, { scenario }) => cut(prng, scenario)],
  ['slow', (prng, { scenario }) => slow(prng, scenario)],
  ['controller-faults', (prng, { scenario }) => onController(prng, scenario)],
  ['client-faults', onClient],
  ['crash-at-step', crashedAtStep],
  ['one-way-cut', (prng, { scenario }) => oneWayCut(prng, scenario)],
  ['aimed', (prng) => aimed(prng)],
  ['isolated-leader', (prng, { scenario }) => isolated(prng, scenario)],
  ['late-isr', (prng, { scenario }) => lateIsr(prng, scenario)],
  ['disk-failure', (prng, { scenario }) => diskFailure(prng, scenario)],
  ['wiped-disk', wiped],
  ['unregistered', (prng, { scenario }) => unregistered(prng, scenario)],
  ['session-eviction', (prng, { scenario }) => eviction(prng, brokerOf(prng, scenario))],
];

type Stop = 'crash' | 'power-off' | 'shut-down';

function stopped(prng: PrngState, type: Stop, victim: NodeId | Aim, maxMs: number): SwarmFault {
  const acts: SwarmFault['acts'] = (node) => ({ begin: { type, node }, end: { type: 'start', node } });
  return timed(prng, victim, acts, maxMs);
}

const paused = (prng: PrngState, victim: NodeId | Aim, maxMs: number): SwarmFault =>
  timed(prng, victim, (node) => ({ begin: { type: 'pause', node }, end: { type: 'resume', node } }), maxMs);

/** Half of them short. */
function timed(prng: PrngState, victim: NodeId | Aim, acts: SwarmFault['acts'], maxMs: number): SwarmFault {
  const length = 100 + below(prng, below(prng, 2) === 0 ? 1_500 : maxMs);
  return { victim, acts, length, gap: below(prng, 2_500) };
}

/** From another broker or from a controller. */
function otherEnd(prng: PrngState, scenario: Scenario, node: NodeId): NodeId {
  const brokers = scenario.brokers.map(({ id }) => brokerNode(id)).filter((other) => other !== node);
  return pick(prng, [...brokers, ...brokers, ...controllerNodes(scenario.controllers ?? 1)]);
}

function cut(prng: PrngState, scenario: Scenario): SwarmFault {
  const a = brokerOf(prng, scenario);
  const b = otherEnd(prng, scenario, a);
  return timed(
    prng,
    a,
    () => ({ begin: { type: 'cut-link', a, b }, end: { type: 'heal-link', a, b } }),
    9_000,
  );
}

/** A broker is not heard by the other end, or does not hear it. */
function oneWayCut(prng: PrngState, scenario: Scenario): SwarmFault {
  const broker = brokerOf(prng, scenario);
  const other = otherEnd(prng, scenario, broker);
  const [from, to] = below(prng, 2) === 0 ? [broker, other] : [other, broker];
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'cut-one-way', from, to },
    end: { type: 'heal-one-way', from, to },
  });
  return timed(prng, broker, acts, 9_000);
}

/** A broker is alone until those that follow it are not in sync any more; then it dies, and one of them has to lead. */
function isolated(prng: PrngState, scenario: Scenario): SwarmFault {
  const a = brokerOf(prng, scenario);
  const others = scenario.brokers.map(({ id }) => brokerNode(id)).filter((other) => other !== a);
  const [first = a, ...rest] = others;
  const aloneMs = 4_500 + below(prng, 1_000);
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'cut-link', a, b: first },
    then: [
      ...rest.map((b): readonly [number, SwarmAct] => [0, { type: 'cut-link', a, b }]),
      [aloneMs, { type: 'crash', node: a }],
      ...others.map((b): readonly [number, SwarmAct] => [0, { type: 'heal-link', a, b }]),
    ],
    end: { type: 'start', node: a },
  });
  return timed(prng, a, acts, 9_000);
}

/** What a broker asks of the controllers comes late, while another one comes and goes. */
function lateIsr(prng: PrngState, scenario: Scenario): SwarmFault {
  const nodes = scenario.brokers.map(({ id }) => brokerNode(id));
  const a = pick(prng, nodes);
  const b = pick(
    prng,
    nodes.filter((other) => other !== a),
  );
  const controllers = controllerNodes(scenario.controllers ?? 1);
  const extra = millis(1_000 + below(prng, 1_500));
  const [awayMs, backMs] = [4_000 + below(prng, 2_000), 300 + below(prng, 2_500)];
  const slowed = (extraMicros: number) =>
    controllers.map((k): readonly [number, SwarmAct] => [0, { type: 'slow-link', a, b: k, extraMicros }]);
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'crash', node: b },
    then: [
      ...slowed(extra),
      [awayMs, { type: 'start', node: b }],
      [backMs, { type: 'crash', node: b }],
      ...slowed(0),
    ],
    end: { type: 'start', node: b },
  });
  return timed(prng, b, acts, 1_000);
}

/**
 * A disk of a broker fails: without the first a broker cannot live, without the second it goes on with the rest. It is
 * repaired, or replaced by an empty one, before the broker starts again.
 */
function wiped(prng: PrngState, { scenario }: Place): SwarmFault {
  const node = pick(prng, [...scenario.brokers.map(({ id }) => brokerNode(id)), ...instances(scenario)]);
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'wipe-disk', node },
    end: { type: 'start', node },
  });
  return timed(prng, node, acts, 6_000);
}

function diskFailure(prng: PrngState, scenario: Scenario): SwarmFault {
  const node = brokerOf(prng, scenario);
  const directory = below(prng, LOG_DIRS);
  const empty = below(prng, 2) === 0;
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'fail-log-dir', node, directory },
    then: [
      [500 + below(prng, 8_000), { type: 'crash', node }],
      [0, { type: 'repair-log-dir', node, directory, empty }],
    ],
    end: { type: 'start', node },
  });
  return timed(prng, node, acts, 3_000);
}

/** A broker that does not answer is taken out of the cluster, and wakes up without knowing (`kafka-cluster unregister`). */
function unregistered(prng: PrngState, scenario: Scenario): SwarmFault {
  const { id } = pick(prng, scenario.brokers);
  const node = brokerNode(id);
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'pause', node },
    then: [
      [2_000 + below(prng, 10_000), { type: 'unregister-broker', broker: id }],
      [500, { type: 'resume', node }],
      [500 + below(prng, 3_000), { type: 'crash', node }],
    ],
    end: { type: 'start', node },
  });
  return timed(prng, node, acts, 3_000);
}

function slow(prng: PrngState, scenario: Scenario): SwarmFault {
  const a = brokerOf(prng, scenario);
  const b = otherEnd(prng, scenario, a);
  const extraMicros = millis(1 + below(prng, 400));
  const acts: SwarmFault['acts'] = () => ({
    begin: { type: 'slow-link', a, b, extraMicros },
    end: { type: 'slow-link', a, b, extraMicros: 0 },
  });
  return timed(prng, a, acts, 8_000);
}

function onController(prng: PrngState, scenario: Scenario): SwarmFault {
  const node = pick(prng, controllerNodes(scenario.controllers ?? 1));
  const kind = pick(prng, ['crash', 'power-off', 'shut-down', 'pause'] as const);
  return kind === 'pause' ? paused(prng, node, 6_000) : stopped(prng, kind, node, 6_000);
}

/** The player is not killed: what it had sent it would send again. */
function onClient(prng: PrngState, { scenario, features }: Place): SwarmFault {
  const copiers = features.has('copiers') ? COPIERS : [];
  const node = pick(prng, [
    ...groupMembers(scenario),
    ...instances(scenario),
    ...copiers,
    ...instances(scenario),
    'p1',
  ]);
  const mayDie = node !== 'p1' || features.has('transactional-producer');
  if (!mayDie || below(prng, 2) === 0) return paused(prng, node, 12_000);
  return stopped(prng, pick(prng, ['crash', 'shut-down'] as const), node, 9_000);
}

/** At a step of a commit or of a transaction's end; at the latest after the time of a crash. */
function crashedAtStep(prng: PrngState, { scenario }: Place): SwarmFault {
  const applications = instances(scenario);
  const ofApplication = applications.length > 0 && below(prng, 3) > 0;
  const program = ofApplication ? 'streams-instance' : 'broker';
  const anchor = pick(
    prng,
    ANCHOR_NAMES.filter((name) => ANCHORS[name] === program),
  );
  const passes = below(prng, 4);
  const victim = ofApplication ? pick(prng, applications) : brokerOf(prng, scenario);
  const acts: SwarmFault['acts'] = (node) => ({
    begin: { type: 'crash-at', node, anchor, passes },
    then: [[4_000, { type: 'crash', node }]],
    end: { type: 'start', node },
  });
  return timed(prng, victim, acts, 6_000);
}

/** The machines of all applications. */
export const instances = ({ applications }: Scenario): NodeId[] =>
  applications.flatMap(({ id, instances: count }) =>
    Array.from({ length: count }, (_, i) => memberNode(id, i + 1)),
  );

function aimed(prng: PrngState): SwarmFault {
  const aim = pick(prng, AIMS);
  const kind = pick(prng, ['crash', 'power-off', 'pause'] as const);
  return kind === 'pause' ? paused(prng, aim, 12_000) : stopped(prng, kind, aim, 6_000);
}

function eviction(prng: PrngState, node: NodeId): SwarmFault {
  const act: SwarmAct = { type: 'evict-sessions', node };
  return { ...timed(prng, node, () => ({ begin: act, end: act }), 1_000), length: 0 };
}
