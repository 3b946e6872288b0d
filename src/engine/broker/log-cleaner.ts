import { millis } from '../base/time.ts';
import { cleanableOf, cleanableRatio, isDue } from '../log/cleaner/cleanable.ts';
import { deleteOldSegments } from '../log/retention.ts';
import type { Broker } from './broker-memory.ts';
import { beginPass, finishPass, type DirtyLog } from './cleaner-pass.ts';
import { allReplicas, isCompacted, isMoving, type Replica } from './replica.ts';

const LOOK_TIMER = 'log-cleaner/look';
const PASS_TIMER = 'log-cleaner/pass';

export const isCleanerTimer = (timer: string): boolean => timer === LOOK_TIMER || timer === PASS_TIMER;

/** The one cleaner thread of a broker (`LogCleaner`): the dirtiest log first, a rest when there is none. */
export function startCleaner(broker: Broker): void {
  if (broker.memory.config['log.cleaner.enable']) rest(broker);
}

export function onCleanerTimer(broker: Broker, timer: string, data: unknown): void {
  if (timer === PASS_TIMER) finishPass(broker, data);
  look(broker);
}

function rest({ memory, context }: Broker): void {
  context.setTimer(LOOK_TIMER, millis(memory.config['log.cleaner.backoff.ms']));
}

/** Retention of compacted logs is the cleaner's work too, so that the two never meet in one log. */
function look(broker: Broker): void {
  const { memory, context } = broker;
  const compacted = [...allReplicas(memory)].filter(isCompacted);
  const found = filthiest(broker, compacted);
  for (const { log } of compacted) deleteOldSegments(log, context);
  if (found === undefined) rest(broker);
  else beginPass(broker, PASS_TIMER, found);
}

function filthiest({ memory, context }: Broker, compacted: readonly Replica[]): DirtyLog | undefined {
  let best: DirtyLog | undefined;
  for (const replica of compacted) {
    if (isMoving(memory, replica)) continue;
    const cleanable = cleanableOf(replica.log, context);
    if (!isDue(replica.log, cleanable)) continue;
    if (best === undefined || cleanableRatio(cleanable) > cleanableRatio(best.cleanable))
      best = { replica, cleanable };
  }
  return best;
}
