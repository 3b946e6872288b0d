import type { TxnPartition } from './transaction-metadata.ts';

/** Partitions by their topic, in order. */
export function byTopic(
  partitions: readonly TxnPartition[],
): { readonly name: string; readonly partitions: readonly number[] }[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics].map(([name, numbers]) => ({ name, partitions: numbers }));
}
