/** What may go wrong in a run that a search makes up. */
export const FAULT_KINDS = [
  'crash',
  'power-off',
  'wipe-disk',
  'shut-down',
  'pause',
  'cut',
  'slow',
  'controller',
  'client-crash',
  'client-pause',
  'anchor',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** How much goes wrong, and what. Plain data: it is part of what a search is asked for. */
export interface Weather {
  readonly id: string;
  readonly name: string;
  readonly kinds: readonly FaultKind[];
  /** Faults of a run at most. */
  readonly most: number;
  /** Faults may lie over each other; otherwise one is over before the next begins. */
  readonly together: boolean;
}

/** Ready-made weathers, from calm to wild. */
export const WEATHERS: readonly Weather[] = [
  { id: 'calm', name: 'Calm', kinds: [], most: 0, together: false },
  {
    id: 'ordinary',
    name: 'Ordinary bad day',
    kinds: ['crash', 'shut-down', 'pause', 'slow', 'client-crash', 'client-pause'],
    most: 3,
    together: false,
  },
  { id: 'jepsen', name: 'Jepsen’s birthday', kinds: FAULT_KINDS, most: 8, together: true },
];
