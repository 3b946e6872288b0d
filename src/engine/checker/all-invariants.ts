import { FIRST_INVARIANTS } from './first-invariants.ts';
import { withFurther } from './further.ts';
import type { Invariant } from './invariant.ts';
import { restingInvariants } from './resting-invariants.ts';

/** Every rule that is checked, by number. */
export const allInvariants = (): readonly Invariant[] =>
  [...withFurther(FIRST_INVARIANTS), ...restingInvariants()].sort((a, b) => a.id - b.id);
