import type { StreamsInstanceConfig } from './instance-config.ts';

/** Which process a client belongs to, as Kafka Streams names its clients: `<application.id>-<process id>`. */
export const clientNameOf = (applicationId: string, processId: string): string =>
  `${applicationId}-${processId}`;

/** `<client.id>-StreamThread-<index>`: the thread, in logs and in the ids of its clients. */
export const threadName = (
  { applicationId }: StreamsInstanceConfig,
  processId: string,
  index: number,
): string => `${clientNameOf(applicationId, processId)}-StreamThread-${index}`;
