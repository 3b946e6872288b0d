import { topicPartition } from '../api/ids.ts';
import { replicaFacts } from '../broker/facts.ts';
import { heldTasks, processedCounter } from './frame/application-entities.ts';
import { groupPlans, ownedPartitions, positionCounter } from './frame/group-entities.ts';
import { acknowledgedCounter } from './frame/node-entities.ts';
import { countShares } from './frame/share-group-entities.ts';
import { appendedCounter, committedCounter } from './frame/partition-entities.ts';
import type { World } from './world.ts';

/** Everything that rates and ages are computed from, now. */
export function countersOf(world: World): Map<string, number> {
  const counters = new Map<string, number>();
  countLeaders(world, counters);
  for (const { id } of world.scenario.producers)
    counters.set(acknowledgedCounter(id), world.producer(id)?.producer.counters.acknowledged ?? 0);
  for (const { id } of groupPlans(world))
    for (const { name, position } of ownedPartitions(world, id).values())
      if (position >= 0) counters.set(positionCounter(id, name), position);
  for (const spec of world.scenario.applications)
    for (const { task, processed } of heldTasks(world, spec).values())
      counters.set(processedCounter(spec.id, task), processed);
  if (world.scenario.shareGroups !== undefined) countShares({ world }, counters);
  return counters;
}

/** Log end and high watermark of each partition as its leader has them. */
function countLeaders(world: World, counters: Map<string, number>): void {
  const image = world.image();
  for (const { id } of world.scenario.brokers) {
    const memory = world.broker(id);
    if (memory === undefined) continue;
    for (const { topic, partition, logEnd, highWatermark } of replicaFacts(memory)) {
      if (image.topics.get(topic)?.partitions[partition]?.leader !== id) continue;
      const name = topicPartition(topic, partition);
      counters.set(appendedCounter(name), logEnd);
      counters.set(committedCounter(name), highWatermark);
    }
  }
}
