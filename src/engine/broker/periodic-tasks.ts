import { millis, type SimDuration } from '../base/time.ts';
import { expireProducers } from '../log/producer-state.ts';
import { deleteOldSegments } from '../log/retention.ts';
import type { Broker } from './broker-memory.ts';
import { checkpointHighWatermarks, checkpointLogStarts } from './checkpoints.ts';
import { onIsrTimer } from './isr.ts';
import { allReplicas, isCompacted } from './replica.ts';
import { abortTimedOut, removeExpiredIds } from './transaction-bridge.ts';

/** What a broker does from time to time; intervals in ms. */
interface PeriodicTask {
  readonly name: string;
  readonly first: (broker: Broker) => number;
  readonly interval: (broker: Broker) => number;
  readonly run: (broker: Broker) => void;
}

const initialDelay = ({ memory }: Broker): number => memory.config['log.initial.task.delay.ms'];

const every = (interval: PeriodicTask['interval']): Pick<PeriodicTask, 'first' | 'interval'> => ({
  first: interval,
  interval,
});

const TASKS: readonly PeriodicTask[] = [
  {
    name: 'periodic/high-watermark-checkpoint',
    ...every(({ memory }) => memory.config['replica.high.watermark.checkpoint.interval.ms']),
    run: checkpointHighWatermarks,
  },
  {
    name: 'periodic/isr-expiration',
    ...every(({ memory }) => Math.ceil(memory.config['replica.lag.time.max.ms'] / 2)),
    run: onIsrTimer,
  },
  {
    name: 'periodic/log-retention',
    first: initialDelay,
    interval: ({ memory }) => memory.config['log.retention.check.interval.ms'],
    run: ({ memory, context }) => {
      for (const replica of allReplicas(memory))
        if (!isCompacted(replica)) deleteOldSegments(replica.log, context);
    },
  },
  {
    name: 'periodic/log-start-checkpoint',
    first: initialDelay,
    interval: () => 60_000, // log.flush.start.offset.checkpoint.interval.ms
    run: checkpointLogStarts,
  },
  {
    name: 'periodic/producer-expiration',
    ...every(({ memory }) => memory.config['producer.id.expiration.check.interval.ms']),
    run: ({ memory, context }) => {
      for (const { log } of allReplicas(memory)) expireProducers(log.producers, context.wallClockMs());
    },
  },
  {
    name: 'periodic/transaction-abort',
    ...every(({ memory }) => memory.config['transaction.abort.timed.out.transaction.cleanup.interval.ms']),
    run: (broker) => {
      if (coordinates(broker)) abortTimedOut(broker);
    },
  },
  {
    name: 'periodic/transactional-id-expiration',
    ...every(({ memory }) => memory.config['transaction.remove.expired.transaction.cleanup.interval.ms']),
    run: (broker) => {
      if (coordinates(broker)) removeExpiredIds(broker);
    },
  },
];

/** Whether this broker leads any partition of `__transaction_state`. */
const coordinates = ({ memory }: Broker): boolean => memory.transactions.shards.size > 0;

const schedule = ({ context }: Broker, name: string, ms: number): void => {
  const delay: SimDuration = millis(ms);
  context.setTimer(name, delay);
};

export function startPeriodicTasks(broker: Broker): void {
  for (const { name, first } of TASKS) schedule(broker, name, first(broker));
}

/** Returns whether the timer was one of these. */
export function runPeriodicTask(broker: Broker, timer: string): boolean {
  const task = TASKS.find(({ name }) => name === timer);
  if (task === undefined) return false;
  task.run(broker);
  schedule(broker, task.name, task.interval(broker));
  return true;
}
