import type { Bytes } from '../../base/bytes.ts';
import { deadLetter, type Failure } from './dead-letter.ts';
import { FailedProcessing } from './failed-processing.ts';
import type { InputRecord, StreamTask } from './stream-task.ts';
import { StreamsError } from './streams-error.ts';

/** An operator threw: fails the task or drops the record, as configured. */
export function processingFailed(task: StreamTask, node: string, error: Error): void {
  const { key, value } = currentBytes(task);
  sendToDeadLetterQueue(task, { key, value, context: task.recordContext(), error });
  if (task.environment.config.onProcessingError === 'fail') throw new FailedProcessing(node, error);
  task.dropped();
}

/** A record's bytes are not what its source expects. Throws a {@link StreamsError} if that ends the task. */
export function deserializationFailed(task: StreamTask, input: InputRecord, error: unknown): void {
  if (!(error instanceof Error)) throw error;
  const { key, value, timestamp, headers } = input;
  sendToDeadLetterQueue(task, { key, value, context: { timestamp, headers, metadata: input }, error });
  if (task.environment.config.onDeserializationError === 'continue') task.dropped();
  else
    throw new StreamsError(
      'StreamsException',
      'Deserialization exception handler is set to fail upon a deserialization error. If you would rather have ' +
        'the streaming pipeline continue after a deserialization error, please set the ' +
        'deserialization.exception.handler appropriately.',
      error,
    );
}

/** The record at work as it came from its source topic; nothing in a punctuation. */
function currentBytes(task: StreamTask): { readonly key: Bytes | null; readonly value: Bytes | null } {
  const { current } = task;
  if (current === undefined) return { key: null, value: null };
  const { source } = current.entrance;
  const { key, value: newValue, oldValue, isLatest } = current.record;
  const value = source.carriesChanges === true ? { newValue, oldValue, isLatest } : newValue;
  return {
    key: key === null ? null : source.key.serialize(key),
    value: current.input.value ?? (value === null ? null : source.value.serialize(value)),
  };
}

function sendToDeadLetterQueue({ environment }: StreamTask, failure: Failure): void {
  const topic = environment.config.deadLetterQueueTopic;
  if (topic !== undefined) environment.emit(deadLetter(topic, failure));
}
