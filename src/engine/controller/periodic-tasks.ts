import type { BrokerConfig } from '../api/config/broker-config.ts';
import { millis, type SimDuration, type SimTime } from '../base/time.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { commit } from './commit.ts';
import type { Cluster, ControllerMemory } from './controller-state.ts';
import type { Decision } from './decision.ts';
import { balanceLeaders, electUncleanLeaders } from './elect-leaders.ts';
import { fenceStaleBroker } from './fencing.ts';

/** Work of the controller that nobody asks for. It decides whether there is more to do at once. */
interface PeriodicTask {
  readonly name: string;
  /** Undefined: never. */
  readonly period: (config: BrokerConfig) => SimDuration | undefined;
  readonly decide: (cluster: Cluster, now: SimTime) => Decision<boolean>;
}

/** Pause before a task that has more to do goes on (Kafka's `PeriodicTask`). */
const AT_ONCE: SimDuration = millis(10);

const TASKS: readonly PeriodicTask[] = [
  {
    name: 'fence-stale-brokers',
    // Four times a session, so a silent broker is fenced after 1 to 1.25 sessions.
    period: (config) => Math.ceil(millis(config['broker.session.timeout.ms']) / 4),
    decide: fenceStaleBroker,
  },
  {
    name: 'balance-leaders',
    period: (config) =>
      config['auto.leader.rebalance.enable']
        ? millis(config['leader.imbalance.check.interval.seconds'] * 1_000)
        : undefined,
    decide: balanceLeaders,
  },
  {
    name: 'elect-unclean-leaders',
    period: (config) => millis(config['unclean.leader.election.interval.ms']),
    decide: electUncleanLeaders,
  },
];

export function startPeriodicTasks(memory: ControllerMemory, context: NodeContext): void {
  for (const task of TASKS) {
    const period = task.period(memory.config);
    if (period !== undefined) context.setTimer(task.name, period);
  }
}

export function stopPeriodicTasks(context: NodeContext): void {
  for (const { name } of TASKS) context.cancelTimer(name);
}

/** Runs the task of this timer, if it is one, and sets the timer again. */
export function runPeriodicTask(memory: ControllerMemory, context: NodeContext, timer: string): void {
  const task = TASKS.find(({ name }) => name === timer);
  const period = task?.period(memory.config);
  if (task === undefined || period === undefined) return;
  const decision = task.decide(memory, context.now());
  commit(memory, context, decision);
  context.setTimer(task.name, decision.response ? Math.min(AT_ONCE, period) : period);
}
