import type { PunctuationType } from './processor.ts';
import type { PunctuationSchedule } from './task-state.ts';

/** The schedule that is due first at `now`, if any: by time, then by order of scheduling. */
export function firstDue(
  schedules: readonly PunctuationSchedule[],
  type: PunctuationType,
  now: number,
): PunctuationSchedule | undefined {
  let first: PunctuationSchedule | undefined;
  for (const schedule of schedules) {
    if (schedule.type !== type || schedule.cancelled || schedule.next > now) continue;
    if (first === undefined || schedule.next < first.next) first = schedule;
  }
  return first;
}

/** The next point of the schedule's grid after `now`: missed ones are skipped, the grid is kept. */
export function nextTick(schedule: PunctuationSchedule, now: number): number {
  const next = schedule.next + schedule.interval;
  if (now < next) return next;
  const missed = Math.floor((now - schedule.next) / schedule.interval);
  return schedule.next + (missed + 1) * schedule.interval;
}
