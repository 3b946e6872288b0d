import type { StreamsConfig } from '../config.ts';
import type { GlobalStoreTopology } from '../topology/build-topology.ts';
import { StreamTask, type InputRecord, type TaskEnvironment } from './stream-task.ts';
import { malformedRecord } from './streams-error.ts';
import type { TaskState } from './task-state.ts';

/** Global stores are kept up by a task of their own, which skips what it cannot read, whatever the handler. */
export function globalTask(
  part: GlobalStoreTopology,
  state: TaskState,
  environment: TaskEnvironment,
): StreamTask {
  const config: StreamsConfig = {
    ...environment.config,
    onDeserializationError: 'continue',
    defaultTimestampExtractor: 'FailOnInvalidTimestamp',
    deadLetterQueueTopic: undefined,
  };
  return new StreamTask(part, state, { ...environment, taskId: 'global', config });
}

/** One record of the table's topic (`GlobalStateUpdateTask.update`). No extractor is asked: a negative time is an error. */
export function updateGlobal(task: StreamTask, input: InputRecord): void {
  const { timestamp } = input;
  const prepared = task.prepare({ ...input, timestamp: Math.max(0, timestamp) });
  if (prepared === undefined) return;
  if (timestamp < 0) throw malformedRecord(timestamp);
  task.process(prepared);
  task.flush();
}
