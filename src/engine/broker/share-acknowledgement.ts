import type { SimTime } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { AcknowledgementBatch } from '../protocol/share-fetch.ts';
import type { StateBatch } from '../protocol/share-group-state.ts';
import {
  advanceStart,
  changeRuns,
  endOf,
  RECORD_STATE,
  type RecordState,
  type Run,
  type SharePartition,
} from './share-partition.ts';

const TYPE = { GAP: 0, ACCEPT: 1, RELEASE: 2, REJECT: 3, RENEW: 4 } as const;

const STATES: Readonly<Record<number, RecordState>> = {
  [TYPE.GAP]: RECORD_STATE.ARCHIVED,
  [TYPE.ACCEPT]: RECORD_STATE.ACKNOWLEDGED,
  [TYPE.RELEASE]: RECORD_STATE.AVAILABLE,
  [TYPE.REJECT]: RECORD_STATE.ARCHIVED,
};

/** Who acknowledges, and what holds for the group. */
export interface Acknowledger {
  readonly memberId: string;
  readonly deliveryCountLimit: number;
  /** Until when records are locked that are renewed. */
  readonly lockedUntil: SimTime;
  /** Whether the group lets its members renew. */
  readonly mayRenew: boolean;
}

/** Whether the batches say something that can be understood: INVALID_REQUEST. */
export function checkBatches(batches: readonly AcknowledgementBatch[], mayRenew: boolean): number {
  let end = -1;
  for (const { firstOffset, lastOffset, acknowledgeTypes: types } of batches) {
    const isEach = types.length === 1 || types.length === lastOffset - firstOffset + 1;
    const isKnown = types.every((type) => type in STATES || (mayRenew && type === TYPE.RENEW));
    if (firstOffset > lastOffset || firstOffset <= end || !isEach || !isKnown)
      return ERROR_CODES.INVALID_REQUEST;
    end = lastOffset;
  }
  return NONE;
}

/**
 * Begins to do what a member says of records that it acquired; it holds once it is stored. All or nothing:
 * INVALID_RECORD_STATE if it does not have some of them any more, INVALID_REQUEST if nobody ever had. What is before the
 * start needs nothing.
 */
export function acknowledge(
  partition: SharePartition,
  batches: readonly AcknowledgementBatch[],
  by: Acknowledger,
): { readonly errorCode: number; readonly stored: readonly StateBatch[] } {
  for (const batch of batches) {
    const errorCode = isRefusedRenewal(batch, by)
      ? ERROR_CODES.INVALID_RECORD_STATE
      : checkHeld(partition, batch, by.memberId);
    if (errorCode !== NONE) return { errorCode, stored: [] };
  }
  const changed = batches
    .flatMap((batch) => rangesOf(batch))
    .flatMap(({ type, ...range }) =>
      changeRuns(partition, range, (run) =>
        type === TYPE.RENEW
          ? { ...run, lockedUntil: by.lockedUntil }
          : { ...run, next: after(run, STATES[type] ?? RECORD_STATE.ARCHIVED, by.deliveryCountLimit) },
      ),
    );
  return { errorCode: NONE, stored: changed.flatMap(storedOf) };
}

const isRefusedRenewal = ({ acknowledgeTypes }: AcknowledgementBatch, { mayRenew }: Acknowledger): boolean =>
  !mayRenew && acknowledgeTypes.includes(TYPE.RENEW);

/** Who has failed to process a record so often does not get it again. */
function after(run: Run, state: RecordState, limit: number): NonNullable<Run['next']> {
  const isTooOften = state === RECORD_STATE.AVAILABLE && run.deliveryCount >= limit;
  return Object.freeze({
    state: isTooOften ? RECORD_STATE.ARCHIVED : state,
    deliveryCount: run.deliveryCount,
  });
}

function checkHeld(
  partition: SharePartition,
  { firstOffset, lastOffset }: AcknowledgementBatch,
  memberId: string,
): number {
  if (lastOffset >= endOf(partition)) return ERROR_CODES.INVALID_REQUEST;
  const touched = partition.runs.filter(({ first, last }) => last >= firstOffset && first <= lastOffset);
  const isHeld = ({ state, next, memberId: holder }: Run): boolean =>
    state === RECORD_STATE.ACQUIRED && next === null && holder === memberId;
  return touched.every(isHeld) ? NONE : ERROR_CODES.INVALID_RECORD_STATE;
}

/** Neighbouring offsets of one type. */
function rangesOf({ firstOffset, lastOffset, acknowledgeTypes }: AcknowledgementBatch) {
  const [only = TYPE.GAP] = acknowledgeTypes;
  if (acknowledgeTypes.length === 1) return [{ first: firstOffset, last: lastOffset, type: only }];
  const ranges: { first: number; last: number; type: number }[] = [];
  acknowledgeTypes.forEach((type, i) => {
    const known = ranges.at(-1);
    if (known?.type === type) known.last += 1;
    else ranges.push({ first: firstOffset + i, last: firstOffset + i, type });
  });
  return ranges;
}

/** What the share coordinator is to store of a run. */
const storedOf = ({ first, last, state, deliveryCount, next }: Run): StateBatch[] => {
  if (next === null && state === RECORD_STATE.ACQUIRED) return [];
  const { state: deliveryState, deliveryCount: count } = next ?? { state, deliveryCount };
  const batch = { firstOffset: first, lastOffset: last, deliveryState, deliveryCount: count };
  return [Object.freeze(batch)];
};

/** The share coordinator has stored these batches, or could not: then the member has the records still. */
export function settleBatches(
  partition: SharePartition,
  batches: readonly StateBatch[],
  isStored: boolean,
): void {
  for (const { firstOffset, lastOffset } of batches)
    changeRuns(partition, { first: firstOffset, last: lastOffset }, (run) => {
      if (run.next === null) return run;
      return isStored ? { ...run, ...run.next, memberId: '', next: null } : { ...run, next: null };
    });
  if (isStored) advanceStart(partition);
}

/** Gives records back, whose time is over or whose member is gone; returns what is to be stored of that. */
function giveBack(
  partition: SharePartition,
  isMeant: (run: Run) => boolean,
  released: (run: Run) => { readonly state: RecordState; readonly deliveryCount: number },
): StateBatch[] {
  const changed: Run[] = [];
  partition.runs = partition.runs.map((run) => {
    if (run.state !== RECORD_STATE.ACQUIRED || run.next !== null || !isMeant(run)) return run;
    const free = Object.freeze({ ...run, ...released(run), memberId: '', lockedUntil: 0 });
    changed.push(free);
    return free;
  });
  advanceStart(partition);
  return changed.flatMap(storedOf);
}

/** Locks are over: the records are for others, or for nobody if they were delivered too often. */
export const expireLocks = (partition: SharePartition, now: SimTime, limit: number): StateBatch[] =>
  giveBack(
    partition,
    ({ lockedUntil }) => lockedUntil <= now,
    (run) => after(run, RECORD_STATE.AVAILABLE, limit),
  );

/** A member is gone: what it had was never processed, so that does not count as a delivery. */
export const releaseAll = (partition: SharePartition, memberId: string): StateBatch[] =>
  giveBack(
    partition,
    (run) => run.memberId === memberId,
    ({ deliveryCount }) => ({ state: RECORD_STATE.AVAILABLE, deliveryCount: deliveryCount - 1 }),
  );

/** When the next lock is over; undefined if nobody has anything. */
export function nextExpiry({ runs }: SharePartition): SimTime | undefined {
  const locked = runs.filter(({ state, next }) => state === RECORD_STATE.ACQUIRED && next === null);
  return locked.length === 0 ? undefined : Math.min(...locked.map(({ lockedUntil }) => lockedUntil));
}
