import { errorAnswer, errorToClient } from '../coordinator/group/error-answers.ts';
import { partitionForGroup } from '../coordinator/group/group-request.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { hostOf } from './coordinator-bridge.ts';
import { COORDINATOR_TOPIC } from './coordinator-topic.ts';
import { groupRequestOf, handleGroupApi } from './group-requests.ts';
import { replicaByName, type Replica } from './replica.ts';
import { respond, type Incoming } from './requests.ts';
import { verifyTxn, type TxnOperation, type Verified } from './txn-verification.ts';

/** Versions from which on a client may be told TRANSACTION_ABORTABLE, and leaves it to the broker to add partitions. */
const operationOf = (version: number): TxnOperation =>
  version > 4 ? 'add' : version > 3 ? 'verify' : 'verify-for-old';

/** Offsets that go with a transaction: it is verified for the group's partition before they are written. */
export function handleTxnOffsetCommit(broker: Broker, incoming: Incoming<'TxnOffsetCommit'>): void {
  const { transactionalId, groupId, producerId, producerEpoch } = incoming.body;
  const isAsked = groupId !== '' && namesPartition(broker, incoming);
  const replica = isAsked ? replicaOfGroup(broker, groupId) : undefined;
  const batches = replica === undefined ? [] : [{ replica, producerId, producerEpoch, baseSequence: -1 }];
  const parking = { api: 'TxnOffsetCommit', incoming, startedAt: broker.context.now() } as const;
  const operation = operationOf(incoming.version);
  const verified = verifyTxn(broker, parking, { transactionalId, operation, batches });
  if (verified !== null) commitVerified(broker, incoming, verified);
}

/** Whether it is about any partition that exists; else the coordinators are not asked. */
function namesPartition({ memory: { image } }: Broker, { body }: Incoming<'TxnOffsetCommit'>): boolean {
  return body.topics.some(({ name, topicId, partitions }) => {
    const topic = image.topics.get(name ?? image.topicNames.get(topicId) ?? '');
    return partitions.some(({ partitionIndex }) => topic?.partitions[partitionIndex] !== undefined);
  });
}

function replicaOfGroup({ memory }: Broker, groupId: string): Replica | undefined {
  const partitions = memory.image.topics.get(COORDINATOR_TOPIC)?.partitions.length;
  if (partitions === undefined) return undefined;
  return replicaByName(memory, COORDINATOR_TOPIC, partitionForGroup(groupId, partitions));
}

/** The coordinator of the transaction has confirmed it, or not. */
export function commitVerified(
  broker: Broker,
  incoming: Incoming<'TxnOffsetCommit'>,
  { errors, guards }: Verified,
): void {
  const [error] = errors.values();
  const [guard] = guards.values();
  if (error === undefined) {
    handleGroupApi(broker, 'TxnOffsetCommit', incoming, guard);
    return;
  }
  const request = groupRequestOf(broker, 'TxnOffsetCommit', incoming);
  const answer = errorAnswer(hostOf(broker), { request, part: -1 }, toldToClient(error));
  respond<'TxnOffsetCommit'>(broker, incoming.token, answer as never);
}

/** Older clients do not expect NETWORK_EXCEPTION; with this they try again without looking for the coordinator. */
const toldToClient = (error: number): number =>
  error === ERROR_CODES.NETWORK_EXCEPTION
    ? ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS
    : errorToClient('TxnOffsetCommit', error);
