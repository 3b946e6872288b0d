import type { Mutant } from './planting.ts';
import { QUORUM_MUTANTS } from './quorum-mutants.ts';
import { READER_MUTANTS } from './reader-mutants.ts';
import { RECORD_MUTANTS } from './record-mutants.ts';
import { LOG_MUTANTS } from './replication-mutants.ts';
import { SHARE_MUTANTS } from './share-mutants.ts';
import { STREAMS_MUTANTS } from './streams-mutants.ts';
import { CLIENT_MUTANTS } from './transaction-mutants.ts';

export const MUTANTS: readonly Mutant[] = [
  ...LOG_MUTANTS,
  ...CLIENT_MUTANTS,
  ...QUORUM_MUTANTS,
  ...RECORD_MUTANTS,
  ...READER_MUTANTS,
  ...STREAMS_MUTANTS,
  ...SHARE_MUTANTS,
].sort((a, b) => (a.id < b.id ? -1 : 1));
