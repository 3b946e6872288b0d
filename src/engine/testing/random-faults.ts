import type { Command, CommandAct } from '../api/command.ts';
import { brokerNode, controllerNodes, memberNode, type NodeId } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import { millis, type SimTime } from '../base/time.ts';

/** Which faults a plan may hold, and when it must be over. Times in simulated ms. */
export interface FaultBudget {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Faults at most. */
  readonly faults: number;
  /** Machines that may be stopped besides brokers: clients whose death may change a count are left out of the safe budget. */
  readonly victims: readonly NodeId[];
}

interface Fault {
  readonly begin: CommandAct;
  readonly end: CommandAct;
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * A plan of faults inside the safe budget: of the brokers only one at a time is stopped, paused or cut off, and it is
 * back (with time to catch up) before the next. Everything is healed at `untilMs`.
 */
export function safeFaults(scenario: Scenario, seed: number, budget: FaultBudget): Command[] {
  const prng = prngStream(seed, 'faults');
  const commands: Command[] = [];
  let at = budget.fromMs + below(prng, 4_000);
  for (let i = 0; i < budget.faults; i++) {
    const fault = drawFault(scenario, prng, budget.victims);
    const length = fault.minMs + below(prng, fault.maxMs - fault.minMs);
    if (at + length > budget.untilMs) break;
    commands.push(command(commands, millis(at), fault.begin));
    commands.push(command(commands, millis(at + length), fault.end));
    at += length + 2_000 + below(prng, 12_000);
  }
  return commands;
}

const command = (before: readonly Command[], at: SimTime, act: CommandAct): Command => ({
  id: before.length + 1,
  at: at + 1,
  act,
});

function drawFault(scenario: Scenario, prng: PrngState, victims: readonly NodeId[]): Fault {
  const brokers = scenario.brokers.map(({ id }) => brokerNode(id));
  const broker = pick(prng, brokers);
  const kinds = victims.length === 0 ? 6 : 8;
  switch (below(prng, kinds)) {
    case 0:
      return stopped('crash', broker, 200, 20_000);
    case 1:
      return stopped('shut-down', broker, 5_000, 20_000);
    case 2:
      return paused(broker, 50, 25_000);
    case 3:
      return linkCut(broker, otherThan(prng, brokers, broker), 100, 12_000);
    case 4:
      return linkCut(broker, pick(prng, controllerNodes(scenario.controllers ?? 1)), 100, 20_000);
    case 5:
      return linkSlow(broker, otherThan(prng, brokers, broker), prng);
    case 6:
      return stopped('crash', pick(prng, victims), 200, 50_000);
    default:
      return paused(pick(prng, victims), 50, 60_000);
  }
}

const otherThan = (prng: PrngState, nodes: readonly NodeId[], node: NodeId): NodeId =>
  pick(
    prng,
    nodes.filter((other) => other !== node),
  );

const stopped = (type: 'crash' | 'shut-down', node: NodeId, minMs: number, maxMs: number): Fault => ({
  begin: { type, node },
  end: { type: 'start', node },
  minMs,
  maxMs,
});

const paused = (node: NodeId, minMs: number, maxMs: number): Fault => ({
  begin: { type: 'pause', node },
  end: { type: 'resume', node },
  minMs,
  maxMs,
});

const linkCut = (a: NodeId, b: NodeId, minMs: number, maxMs: number): Fault => ({
  begin: { type: 'cut-link', a, b },
  end: { type: 'heal-link', a, b },
  minMs,
  maxMs,
});

const linkSlow = (a: NodeId, b: NodeId, prng: PrngState): Fault => ({
  begin: { type: 'slow-link', a, b, extraMicros: millis(1 + below(prng, 400)) },
  end: { type: 'slow-link', a, b, extraMicros: 0 },
  minMs: 500,
  maxMs: 20_000,
});

/** The machines of all consumer groups: their death delays reading, but changes no count. */
export const groupMembers = (scenario: Scenario): NodeId[] =>
  scenario.groups.flatMap(({ id, members }) =>
    Array.from({ length: members }, (_, i) => memberNode(id, i + 1)),
  );
