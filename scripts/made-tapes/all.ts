import { machinesTape, readingsTape } from './readings.ts';
import { transfersTape } from './transfers.ts';

/** A tape that stands in the repository and can be made anew, byte for byte. */
export interface MadeTape {
  readonly file: string;
  readonly make: () => string;
}

export const MADE_TAPES: readonly MadeTape[] = [
  { file: 'transfers.csv', make: transfersTape },
  { file: 'readings.csv', make: readingsTape },
  { file: 'machines.csv', make: machinesTape },
];
