import type { TraceEventData } from '../../api/trace-event.ts';
import { consumerRejoin } from '../../client/consumer/consumer.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { ASSIGNOR_ERRORS } from '../assignor/member-data.ts';
import type { StreamsError } from '../task/streams-error.ts';
import { closeAll } from './close-tasks.ts';
import { livingThreads, type StreamsMemory } from './instance-memory.ts';
import { describeMember } from './member-description.ts';
import type { StreamThread } from './stream-thread.ts';
import { ThreadContext } from './thread-context.ts';
import { endThread } from './thread-end.ts';
import { isUp } from './thread-state.ts';
import { addThread, shutDownClient, stopThread } from './threads.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/**
 * The thread ends by an error, and leaves the group as what ends in order does not; what follows is the application's choice
 * (`KafkaStreams.handleStreamsUncaughtException`). The choice is made before the thread has ended, so another one in its place
 * does not have its index yet.
 */
export function fail(thread: StreamThread, context: ThreadContext, error: StreamsError): void {
  const { process, ofProcess } = context;
  thread.failure = `${error.className}: ${error.message}`;
  tell(context, { type: 'client-failed', error: thread.failure });
  stopThread(process, thread);
  if (isUp(process)) follow(process, ofProcess, thread);
  thread.leaving = true;
  closeAll(thread, context, false);
  endThread(thread, context);
}

function follow(process: StreamsMemory, node: NodeContext, failed: StreamThread): void {
  switch (process.config.onUncaughtException ?? 'shutdown-client') {
    case 'shutdown-client':
      shutDownClient(process, node, 'PENDING_ERROR');
      return;
    case 'replace-thread':
      addThread(process, node);
      return;
    case 'shutdown-application':
      // A new thread may be there for no other reason than to tell the others.
      if (livingThreads(process).length === 1) addThread(process, node);
      for (const thread of livingThreads(process))
        if (thread !== failed) askForShutdown(thread, new ThreadContext(process, node, thread.index));
  }
}

/** What this member has to say makes all the others end (`StreamThread.sendShutdownRequest`). */
function askForShutdown(thread: StreamThread, context: ThreadContext): void {
  thread.assignorError = ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED;
  context.process.summoned = true;
  describeMember(thread, context);
  consumerRejoin(thread.main);
}

/** Some instance has asked all of them to end: this one does, with all its threads. */
export function shutDownAsAsked(thread: StreamThread, context: ThreadContext): void {
  const { process, ofProcess } = context;
  thread.failure =
    'A Kafka Streams client in this Kafka Streams application is requesting to shutdown the application';
  tell(context, { type: 'client-failed', error: thread.failure });
  shutDownClient(process, ofProcess, 'PENDING_ERROR');
}

/** The thread of the global tables ends by an error, which no thread can mend: the client ends (`GlobalStreamThread`). */
export function failGlobals(process: StreamsMemory, node: NodeContext, error: StreamsError): void {
  tell(node, { type: 'client-failed', error: `${error.className}: ${error.message}` });
  shutDownClient(process, node, 'PENDING_ERROR');
}
