import { takeAdminNotices } from '../../client/admin/admin.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { takeQueryLags } from '../queries/query-server.ts';
import { StreamsError } from '../task/streams-error.ts';
import { runGlobals, takeGlobalDescriptions, takeGlobalEnds } from './global-reading.ts';
import { livingThreads, type StreamsMemory } from './instance-memory.ts';
import { describeMember } from './member-description.ts';
import { followAdmin } from './notices.ts';
import type { StreamThread } from './stream-thread.ts';
import { ThreadContext } from './thread-context.ts';
import { runThread } from './thread.ts';
import { fail, failGlobals } from './uncaught.ts';

/** Lets one thread do all it can do, and then those that it has summoned. */
export function runOne(process: StreamsMemory, node: NodeContext, thread: StreamThread): void {
  if (process.ended) return;
  runThread(thread, new ThreadContext(process, node, thread.index));
  if (process.summoned) runAll(process, node);
  else tellOfDirectories(process, node);
}

/** Lets every thread do all it can do. */
export function runAll(process: StreamsMemory, node: NodeContext): void {
  do {
    process.summoned = false;
    for (const thread of livingThreads(process))
      if (!process.ended) runThread(thread, new ThreadContext(process, node, thread.index));
  } while (process.summoned && !process.ended);
  tellOfDirectories(process, node);
}

/** Lets the thread of the global tables do all it can do. */
export function runGlobalThread(process: StreamsMemory, node: NodeContext): void {
  asGlobalThread(process, node, () => {
    runGlobals(process, node);
  });
}

function asGlobalThread(process: StreamsMemory, node: NodeContext, work: () => void): void {
  if (process.ended) return;
  try {
    work();
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    failGlobals(process, node, error);
  }
  if (process.summoned) runAll(process, node);
}

/** Hands out what the administrator was answered. */
export function runAdmin(process: StreamsMemory, node: NodeContext): void {
  for (const notice of takeAdminNotices(process.admin)) if (!process.ended) hand(process, node, notice);
}

function hand(process: StreamsMemory, node: NodeContext, notice: AdminNotice): void {
  const index = process.calls.get(notice.token);
  process.calls.delete(notice.token);
  const thread = livingThreads(process).find((one) => one.index === index);
  if (index === undefined) handToProcess(process, node, notice);
  else if (thread !== undefined) handToThread(process, node, thread, notice);
}

function handToProcess(process: StreamsMemory, node: NodeContext, notice: AdminNotice): void {
  if (process.globals?.token !== notice.token) {
    if (notice.type === 'partitions-answered') takeQueryLags(process, node, notice);
    return;
  }
  asGlobalThread(process, node, () => {
    if (notice.type === 'topics-described') takeGlobalDescriptions(process, node, notice);
    if (notice.type === 'partitions-answered') takeGlobalEnds(process, node, notice);
    runGlobals(process, node);
  });
}

function handToThread(
  process: StreamsMemory,
  node: NodeContext,
  thread: StreamThread,
  notice: AdminNotice,
): void {
  const context = new ThreadContext(process, node, thread.index);
  try {
    followAdmin(thread, context, notice);
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    fail(thread, context, error);
  }
  runOne(process, node, thread);
}

/** The first thread tells which directories no thread has. */
function tellOfDirectories(process: StreamsMemory, node: NodeContext): void {
  if (!process.relocked || process.ended) return;
  process.relocked = false;
  const [first, second] = livingThreads(process);
  if (first !== undefined && second !== undefined)
    describeMember(first, new ThreadContext(process, node, first.index));
}
