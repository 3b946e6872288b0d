import type { DiskState } from '../../sim/disk.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { randomUuid } from '../../protocol/uuid.ts';

const PROCESS_FILE = 'kafka-streams-process-metadata';

/** Who this process is, over all its lives on this disk (`StateDirectory.initializeProcessId`). */
export function processId(context: NodeContext): string {
  const { values } = context.disk;
  const found = values.get(PROCESS_FILE) as string | undefined;
  const id = found ?? randomUuid(context.prng('process-id'));
  if (found === undefined) values.set(PROCESS_FILE, id);
  return id;
}

/** Whether the process on this disk has ever begun to work in transactions. */
export const hasProcessId = ({ values }: DiskState): boolean => values.has(PROCESS_FILE);

/** The id under which its one thread writes (`StreamsProducer`): the application's, the process's and the thread's. */
export function transactionalIdOf(groupId: string, process: string): string {
  return `${groupId}-${process}-1`;
}

/** The same, as the disk has it, whether the process is up or not. */
export function storedTransactionalId(groupId: string, { values }: DiskState): string {
  return transactionalIdOf(groupId, values.get(PROCESS_FILE) as string);
}
