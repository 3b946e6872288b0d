import { err, ok, type Result } from '../base/result.ts';
import { appendAsLeader } from '../log/append.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { Broker } from './broker-memory.ts';
import { isLeader, isUnderMinIsr, replicaByName } from './replica.ts';

export interface CoordinatorPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Appends a coordinator's batch to its own topic; returns the offset after it, or the code of an error. */
export function appendForCoordinator(
  { memory, context }: Broker,
  { topic, partition }: CoordinatorPartition,
  batch: RecordBatch,
  verificationGuard?: number,
): Result<number, number> {
  const replica = replicaByName(memory, topic, partition);
  if (replica === undefined || !isLeader(replica)) return err(ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
  if (isUnderMinIsr(replica)) return err(ERROR_CODES.NOT_ENOUGH_REPLICAS);
  const { leaderEpoch, log } = replica;
  const guard = verificationGuard === undefined ? {} : { verificationGuard };
  const result = appendAsLeader(log, context, batch, { leaderEpoch, origin: 'coordinator', ...guard });
  if (!result.ok) return err(result.error.errorCode);
  memory.grownCoordinatorPartitions.push(replica);
  return ok(result.value.lastOffset + 1);
}
