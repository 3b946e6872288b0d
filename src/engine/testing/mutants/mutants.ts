import type { Mutant } from './planting.ts';
import { LOG_MUTANTS } from './replication-mutants.ts';
import { CLIENT_MUTANTS } from './transaction-mutants.ts';

export const MUTANTS: readonly Mutant[] = [...LOG_MUTANTS, ...CLIENT_MUTANTS].sort((a, b) =>
  a.id < b.id ? -1 : 1,
);
