import { millis } from '../base/time.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { append, handleProduce } from './produce.ts';
import type { Incoming } from './requests.ts';
import { commitVerified } from './txn-offset-commit.ts';
import type { ParkedRequest } from './txn-verification.ts';

const TIMER = 'txn-verification/';

/** Goes on with the requests whose transactions were verified in this event. Returns whether there was one. */
export function resumeVerified(broker: Broker): boolean {
  const { verifications } = broker.memory;
  const { answered } = verifications;
  if (answered.length === 0) return false;
  verifications.answered = [];
  for (const id of answered) resume(broker, id);
  return true;
}

function resume(broker: Broker, id: number): void {
  const { parked } = broker.memory.verifications;
  const request = parked.get(id);
  if (request === undefined) return;
  if (mayTryAgain(broker, request)) {
    const { config } = broker.memory;
    broker.context.setTimer(TIMER + id, millis(config['add.partitions.to.txn.retry.backoff.ms']), id);
    return;
  }
  parked.delete(id);
  if (request.api === 'Produce') append(broker, request.incoming as Incoming<'Produce'>, request.verified);
  else commitVerified(broker, request.incoming as Incoming<'TxnOffsetCommit'>, request.verified);
}

/**
 * A partition cannot be added while the transaction before is still being ended. That is soon done, and a produce costs
 * too much to be sent again.
 */
function mayTryAgain(
  { memory, context }: Broker,
  { api, operation, startedAt, verified }: ParkedRequest,
): boolean {
  if (api !== 'Produce' || operation !== 'add') return false;
  const errors = [...verified.errors.values()];
  if (!errors.includes(ERROR_CODES.CONCURRENT_TRANSACTIONS)) return false;
  const longest = Math.min(
    memory.config['add.partitions.to.txn.retry.backoff.max.ms'],
    memory.config['request.timeout.ms'],
  );
  return context.now() - startedAt < millis(longest);
}

export const isVerificationTimer = (name: string): boolean => name.startsWith(TIMER);

/** The transaction before may have ended by now. */
export function verifyAgain(broker: Broker, id: number): void {
  const { parked } = broker.memory.verifications;
  const request = parked.get(id);
  parked.delete(id);
  if (request !== undefined)
    handleProduce(broker, request.incoming as Incoming<'Produce'>, request.startedAt);
}
