import * as metadata from '../../../coordinator/transaction/transaction-metadata.ts';
import type { TransactionMetadata, Transition, TxnValues } from '../../../coordinator/transaction/transaction-metadata.ts';
import {
  isEnded,
  stateFromName,
  stateId,
  VALID_PREVIOUS_STATES,
  type TransactionState,
} from '../../../coordinator/transaction/transaction-state.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { opNameOf, opsOf } from './script.ts';

const TOPIC = 't';

const EXCEPTIONS = {
  'illegal-state': 'IllegalStateException',
  'producer-fenced': 'ProducerFencedException',
  'illegal-argument': 'IllegalArgumentException',
};

/** `PREPARE_COMMIT` → `PrepareCommit`. */
function stateOf(written: Json | undefined): TransactionState {
  const words = textOf(written, 'state').toLowerCase().split('_');
  const state = stateFromName(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''));
  if (state === undefined) throw new UnsupportedError(`state ${textOf(written, 'state')}`);
  return state;
}

const written = (state: TransactionState): string => state.replace(/(?<=.)[A-Z]/g, '_$&').toUpperCase();

/** `TransactionState`: which state may follow which. */
export const txnStateAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'state'], 'given');
    const state = stateOf(given.state);
    const { previous, ...rest } = expect;
    comparison.compare({ id: stateId(state), stateName: state, mayExpire: isEnded(state) }, rest);
    comparison.compareSets(VALID_PREVIOUS_STATES[state].map(written), listOf(previous, 'previous'), 'previous');
  },
};

interface Subject {
  readonly txn: TransactionMetadata;
  /** What `apply` completes. */
  held: TxnValues | null;
}

/** `TransactionMetadata`: transitions of one transactional id. */
export const txnMetadataAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'start', 'ops'], 'given');
    const subject: Subject = { txn: startFrom(objectOf(given.start, 'start')), held: null };
    const results = opsOf(given).map((op) => ({ ...run(subject, op), after: afterOf(subject.txn) }));
    comparison.compare(results, expect.results, 'results');
  },
};

const field = (op: JsonObject, name: string): number => numberOf(op[name], name);

const startFrom = (start: JsonObject): TransactionMetadata =>
  metadata.newTransactionMetadata('tx', {
    producerId: field(start, 'pid'),
    producerEpoch: field(start, 'epoch'),
    timeoutMs: field(start, 'timeoutMs'),
    state: stateOf(start.state),
    clientTransactionVersion: field(start, 'transactionVersion'),
    lastUpdateTimestamp: field(start, 'now'),
  });

function run(subject: Subject, op: JsonObject): JsonObject {
  const { txn } = subject;
  const name = opNameOf(op);
  if (name === 'clearPending') {
    txn.pendingState = null;
    return {};
  }
  if (name === 'apply') return applied(txn, subject.held);
  const transition = prepare(txn, op);
  if (!transition.ok) return { error: EXCEPTIONS[transition.error] };
  if (name === 'fence' || name === 'expire') return { transit: transitOf(transition.value) };
  if (op.hold !== true) return applied(txn, transition.value);
  subject.held = transition.value;
  return {};
}

const applied = (txn: TransactionMetadata, next: TxnValues | null): JsonObject =>
  next !== null && metadata.completeTransition(txn, next) ? {} : { error: EXCEPTIONS['illegal-state'] };

function prepare(txn: TransactionMetadata, op: JsonObject): Transition {
  switch (opNameOf(op)) {
    case 'bumpEpoch':
      return metadata.prepareEpochBump(txn, newEpochOf(op, op.expectedEpoch ?? null));
    case 'rotate':
      return metadata.prepareIdRotation(txn, field(op, 'newPid'), newEpochOf(op, op.recordLastEpoch === true ? 0 : null));
    case 'addPartitions':
      return metadata.prepareAddPartitions(txn, partitionsOf(op.partitions), stepOf(op));
    case 'end':
      return metadata.prepareEnd(txn, {
        ...stepOf(op),
        commit: op.commit === true,
        nextProducerId: field(op, 'nextPid'),
        noPartitionAdded: op.noPartitionAdded === true,
      });
    case 'markersDone':
      return metadata.prepareComplete(txn, field(op, 'now'));
    case 'fence':
      return metadata.prepareFence(txn);
    case 'expire':
      return metadata.prepareDead(txn);
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}"`);
  }
}

const newEpochOf = (op: JsonObject, expectedEpoch: Json): metadata.NewEpoch => ({
  timeoutMs: field(op, 'timeoutMs'),
  expectedEpoch: expectedEpoch === null ? null : numberOf(expectedEpoch, 'expectedEpoch'),
  nowMs: field(op, 'now'),
});

const stepOf = (op: JsonObject): metadata.TxnStep => ({
  clientTransactionVersion: field(op, 'transactionVersion'),
  nowMs: field(op, 'now'),
});

const partitionsOf = (partitions: Json | undefined): metadata.TxnPartition[] =>
  listOf(partitions, 'partitions').map((partition) => ({ topic: TOPIC, partition: numberOf(partition, 'partition') }));

const transitOf = (values: TxnValues): JsonObject => ({
  state: written(values.state),
  pid: values.producerId,
  epoch: values.producerEpoch,
  lastEpoch: values.lastProducerEpoch,
});

const afterOf = ({ values, pendingState }: TransactionMetadata): JsonObject => ({
  state: written(values.state),
  pendingState: pendingState === null ? null : written(pendingState),
  pid: values.producerId,
  previousPid: values.previousProducerId,
  nextPid: values.nextProducerId,
  epoch: values.producerEpoch,
  lastEpoch: values.lastProducerEpoch,
  timeoutMs: values.timeoutMs,
  partitions: values.partitions.map(({ topic, partition }) => `${topic}-${partition}`),
  startTimestamp: values.startTimestamp,
  lastUpdateTimestamp: values.lastUpdateTimestamp,
  epochExhausted: metadata.isEpochExhausted(values.producerEpoch),
});
