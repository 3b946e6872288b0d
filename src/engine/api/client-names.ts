import { memberNode, type NodeId } from './ids.ts';

/** What a stream thread of an application is to Kafka: `<application.id>-<process id>-StreamThread-<index>`. */
export interface StreamClient {
  /** The instance's machine. */
  readonly node: NodeId;
  /** Index of the thread, from 1. */
  readonly thread: number;
}

/** The number of the instance, and the rest of the process's id. */
const PROCESS = '(\\d{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const STREAM_CLIENT = new RegExp(`^(.+?)-${PROCESS}-(?:StreamThread-)?(\\d+)`);

/** Whose client, member or transaction this is; undefined if it is of no stream thread. */
export function streamClientOf(id: string): StreamClient | undefined {
  const found = STREAM_CLIENT.exec(id);
  const [, application = '', instance = '', thread = ''] = found ?? [];
  return found === null
    ? undefined
    : { node: memberNode(application, Number(instance)), thread: Number(thread) };
}
