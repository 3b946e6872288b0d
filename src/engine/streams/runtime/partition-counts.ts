import type { BuiltTopology } from '../topology/build-topology.ts';

export type PartitionCounts = ReadonlyMap<string, number>;

/**
 * How many partitions each source topic has or, if the application makes it, is to have: as declared, or as many as its
 * co-partitioned topics, or else as many as the largest topic that the sub-topologies writing it read
 * (`RepartitionTopics`, `CopartitionedTopicsEnforcer`). Returns the names of topics that are missing, or of
 * co-partitioned topics that do not fit.
 */
export function partitionCounts(
  topology: BuiltTopology,
  known: (topic: string) => number,
): PartitionCounts | { readonly missing: readonly string[] } {
  const internal = new Map(topology.repartitionTopics.map(({ name, partitions }) => [name, partitions]));
  const counts = new Map<string, number>();
  const missing: string[] = [];
  for (const topic of topology.subTopologies.flatMap(({ sourceTopics }) => sourceTopics)) {
    const count = internal.has(topic) ? (internal.get(topic) ?? 0) : known(topic);
    if (count > 0) counts.set(topic, count);
    else if (!internal.has(topic)) missing.push(topic);
  }
  if (missing.length > 0) return { missing };
  settle(topology, internal, counts);
  const unfit = topology.copartitionGroups.find(
    (group) => new Set(group.map((topic) => counts.get(topic))).size > 1,
  );
  return unfit === undefined ? counts : { missing: unfit };
}

/** Fills in what follows from upstream, from source to sink, then what co-partitioning asks for. */
function settle(
  topology: BuiltTopology,
  internal: ReadonlyMap<string, number | undefined>,
  counts: Map<string, number>,
): void {
  const open = new Set([...internal.keys()].filter((topic) => !counts.has(topic)));
  for (let before = -1; open.size > 0 && open.size !== before;) {
    before = open.size;
    for (const topic of open) {
      const writers = topology.subTopologies.filter(({ sinkTopics }) => sinkTopics.includes(topic));
      const upstream = writers
        .flatMap(({ sourceTopics }) => sourceTopics)
        .map((source) => counts.get(source) ?? 0);
      if (upstream.includes(0) || upstream.length === 0) continue;
      counts.set(topic, Math.max(...upstream));
      open.delete(topic);
    }
    for (const group of topology.copartitionGroups) copartition(group, internal, counts);
  }
}

/** Internal topics without a declared number follow the topics they are co-partitioned with. */
function copartition(
  group: readonly string[],
  internal: ReadonlyMap<string, number | undefined>,
  counts: Map<string, number>,
): void {
  const isFree = (topic: string): boolean => internal.has(topic) && internal.get(topic) === undefined;
  const fixed = group.filter((topic) => !isFree(topic)).map((topic) => counts.get(topic) ?? 0);
  const free = group.filter(isFree);
  const count = fixed[0] ?? Math.max(0, ...free.map((topic) => counts.get(topic) ?? 0));
  if (count > 0) for (const topic of free) if (counts.has(topic)) counts.set(topic, count);
}

/** Tasks of a sub-topology: one for each partition of its largest source topic. */
export const taskCount = (sourceTopics: readonly string[], counts: PartitionCounts): number =>
  Math.max(0, ...sourceTopics.map((topic) => counts.get(topic) ?? 0));
