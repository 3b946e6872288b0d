import { randomJavaUuid } from '../../protocol/uuid.ts';
import type { DiskState } from '../../sim/disk.ts';
import type { NodeContext } from '../../sim/node-context.ts';

const PROCESS_FILE = 'kafka-streams-process-metadata';
/** Digits of the first part of a UUID. */
const FIRST_DIGITS = 8;

/**
 * Who this process is, over all its lives on this disk (`StateDirectory.initializeProcessId`). Simplified: where Kafka's UUID
 * is random from end to end, its first part here is the number of the instance, so that a person knows whose it is, and
 * the assignor, which takes processes by their ids, has them in the order of their numbers.
 */
export function processId(context: NodeContext, instance: number): string {
  const { values } = context.disk;
  const found = values.get(PROCESS_FILE) as string | undefined;
  if (found !== undefined) return found;
  const random = randomJavaUuid(context.prng('process-id'));
  const id = String(instance).padStart(FIRST_DIGITS, '0') + random.slice(FIRST_DIGITS);
  values.set(PROCESS_FILE, id);
  return id;
}

/** The process of this disk; undefined if none has ever begun there. */
export const storedProcessId = ({ values }: DiskState): string | undefined =>
  values.get(PROCESS_FILE) as string | undefined;

/** The id under which a thread writes in transactions (`StreamsProducer`): the application's, the process's and the thread's. */
export const transactionalIdOf = (groupId: string, process: string, thread: number): string =>
  `${groupId}-${process}-${thread}`;
