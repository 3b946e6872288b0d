import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerAbandon } from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { ASSIGNOR_ERRORS } from '../assignor/member-data.ts';
import type { StreamsError } from '../task/streams-error.ts';
import { planOf } from './application-plan.ts';
import { closeAll } from './close-tasks.ts';
import { checkpointGlobals } from './global-stores.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { abandonWork } from './lost-transaction.ts';
import { joinGroup } from './task-manager.ts';
import { newMainConsumer, newOutsider } from './thread-clients.ts';
import { renewProducer } from './transaction-calls.ts';

/**
 * The process ends. It does not leave the group (Kafka Streams closes its consumer with `REMAIN_IN_GROUP`): its tasks
 * move when its session has expired, or at once when it comes back and joins anew.
 */
export function end(memory: StreamsMemory, context: NodeContext): void {
  const { globals, config } = memory;
  if (globals !== null) checkpointGlobals(context.disk, planOf(config), globals, true);
  memory.ended = true;
  context.exit();
}

/**
 * The thread ends by an error, and leaves the group as what ends in order does not; what follows is the application's choice
 * (`KafkaStreams.handleStreamsUncaughtException`). A thread that is to be replaced before the global tables are there
 * cannot be: their thread is another one.
 */
export function fail(memory: StreamsMemory, context: NodeContext, error: StreamsError): void {
  const { config, globals, stopping } = memory;
  const choice = config.onUncaughtException ?? 'shutdown-client';
  memory.failure = `${error.className}: ${error.message}`;
  const data: TraceEventData = { type: 'client-failed', error: memory.failure };
  context.trace(data);
  closeAll(memory, context, false);
  consumerAbandon(memory.main, context);
  const isOfGlobals = error.ofGlobalThread || (globals !== null && globals.phase !== 'running');
  if (stopping || isOfGlobals || choice === 'shutdown-client') {
    end(memory, context);
    return;
  }
  // The new thread may be there for no other reason than to tell the others.
  if (choice === 'shutdown-application') memory.assignorError = ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED;
  replaceThread(memory, context);
}

/** Another thread takes the place of one that has ended: with clients of its own, and without a task. */
function replaceThread(memory: StreamsMemory, context: NodeContext): void {
  const { config, restore } = memory;
  consumerAbandon(restore, context);
  memory.main = newMainConsumer(context, config);
  memory.restore = newOutsider(context, config, 'restore');
  abandonWork(memory);
  renewProducer(memory, context);
  memory.working = 0;
  memory.revoking = null;
  memory.sharing = null;
  memory.probeAt = NEVER;
  memory.recordsReady = false;
  memory.failure = null;
  joinGroup(memory, context);
}
