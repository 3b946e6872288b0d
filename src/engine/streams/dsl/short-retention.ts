import { StreamsError } from '../task/streams-error.ts';
import type { Windows } from '../windows/windows.ts';

/** Why a windowed store cannot keep its records for this long only, in Kafka's words. */
export function tooShort(storeName: string, windows: Windows, retention: number): StreamsError {
  const { grace } = windows;
  const got = (what: string): string => `Got ${what}, grace=[${grace}], retention=[${retention}]`;
  const start = `The retention period of the ${windows.kind === 'session' ? 'session' : 'window'} store ${storeName} must be no smaller than`;
  const text =
    windows.kind === 'time'
      ? `${start} its window size plus the grace period. ${got(`size=[${windows.size}]`)}`
      : windows.kind === 'sliding'
        ? `${start} 2 * time difference plus the grace period. ${got(`time difference=[${windows.difference}]`)}`
        : `${start} the session inactivity gap plus the grace period. ${got(`gap=[${windows.gap}]`)}`;
  return new StreamsError('IllegalArgumentException', text);
}
