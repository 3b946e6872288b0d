import { ERROR_CODES, errorName } from '../../../protocol/errors.ts';

/** Errors that a client tells as a timeout of its own. */
const TIMEOUTS: readonly number[] = [ERROR_CODES.REQUEST_TIMED_OUT, ERROR_CODES.NETWORK_EXCEPTION];

/** The name by which a script's facts know an error. */
export const factName = (error: number): string => (TIMEOUTS.includes(error) ? 'TIMEOUT' : errorName(error));
