import { StreamsError } from '../task/streams-error.ts';
import type { WindowSpec } from '../topology/topology-node.ts';

/** Windows `[start, start + size)` at each multiple of `advance`. Milliseconds. */
export interface TimeWindows {
  readonly kind: 'time';
  readonly size: number;
  readonly advance: number;
  readonly grace: number;
}

/** Windows `[start, start + difference]` that begin or end with a record. Milliseconds. */
export interface SlidingWindows {
  readonly kind: 'sliding';
  readonly difference: number;
  readonly grace: number;
}

/** Windows `[first, last]` of records no further apart than `gap`. Milliseconds. */
export interface SessionWindows {
  readonly kind: 'session';
  readonly gap: number;
  readonly grace: number;
}

export type Windows = TimeWindows | SlidingWindows | SessionWindows;

function refuse(condition: boolean, message: string): void {
  if (condition) throw new StreamsError('IllegalArgumentException', message);
}

/** Reads a window's description. Throws the `IllegalArgumentException` that Kafka's own classes throw. */
export function windowsOf(spec: WindowSpec): Windows {
  const grace = spec.grace ?? 0;
  switch (spec.type) {
    case 'tumbling':
      return timeWindows(spec.size, undefined, grace);
    case 'hopping':
      return timeWindows(spec.size, spec.advance, grace);
    case 'sliding':
      refuse(spec.difference < 0, 'Window time difference must not be negative.');
      refuse(grace < 0, 'Window grace period must not be negative.');
      return { kind: 'sliding', difference: spec.difference, grace };
    case 'session':
      refuse(spec.gap < 0, 'Gap time cannot be negative.');
      refuse(grace < 0, 'Grace period cannot be negative.');
      return { kind: 'session', gap: spec.gap, grace };
  }
}

function timeWindows(size: number, advance: number | undefined, grace: number): TimeWindows {
  refuse(size <= 0, 'Window size (sizeMs) must be larger than zero.');
  refuse(grace < 0, 'Grace period must not be negative.');
  if (advance !== undefined)
    refuse(
      advance <= 0 || advance > size,
      'Window advancement interval should be more than zero and less than window duration which is ' +
        `${size} ms, but given advancement interval is: ${advance} ms`,
    );
  return { kind: 'time', size, advance: advance ?? size, grace };
}

/** Start of the earliest window that holds this time. No window starts before 0. */
export function firstWindowStart({ size, advance }: TimeWindows, time: number): number {
  return Math.floor(Math.max(0, time - size + advance) / advance) * advance;
}

/** How long a store keeps windows unless told otherwise, in milliseconds. */
export function defaultRetention(windows: Windows): number {
  switch (windows.kind) {
    case 'time':
      return windows.size + windows.grace;
    case 'sliding':
      return 2 * windows.difference + windows.grace;
    case 'session':
      return windows.gap + windows.grace;
  }
}
