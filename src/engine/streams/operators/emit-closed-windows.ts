import { Windowed } from '../serdes/windowed.ts';
import type { Stamped } from '../state-stores/store.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import type { ProcessorContext } from '../task/processor.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import { firstWindowStart, type TimeWindows } from '../windows/windows.ts';
import { closedSince, type EmitState } from './emit-on-close.ts';

/** What an aggregation that emits at window close works with. */
interface Emitter {
  readonly context: ProcessorContext;
  readonly windows: TimeWindows;
  readonly store: WindowStore;
  readonly state: EmitState;
}

/** Forwards what closed between the last emission and now, as far as the store still holds it. */
export function emitClosedWindows(
  { context, windows, store, state }: Emitter,
  { headers }: StreamRecord,
  closeTime: number,
): void {
  const { size } = windows;
  const { lastClose } = state;
  if (!closedSince(context, state, closeTime)) return;
  const to = closeTime - size;
  const from = lastClose === -1 ? 0 : Math.max(0, lastClose - size) + 1;
  if (to < 0 || (lastClose !== -1 && inSameWindows(windows, to, from - 1))) return;
  for (const { key, start, value } of store.fetchAll(from, to)) {
    const { value: aggregate, timestamp } = value as Stamped;
    context.forward({
      key: new Windowed(key, start, start + size),
      value: aggregate,
      oldValue: null,
      isLatest: true,
      timestamp,
      headers,
    });
  }
  state.lastClose = closeTime;
}

/** True if the same windows hold both times: then none closed between them. */
const inSameWindows = (windows: TimeWindows, a: number, b: number): boolean =>
  firstWindowStart(windows, a) === firstWindowStart(windows, b) &&
  Math.floor(a / windows.advance) === Math.floor(b / windows.advance);
