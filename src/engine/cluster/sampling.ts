import { SAMPLE_INTERVAL, type Sample } from '../api/frame.ts';
import { topicPartition } from '../api/ids.ts';
import type { SimTime } from '../base/time.ts';
import { CounterHistory } from './counter-history.ts';
import { countersOf } from './counters.ts';
import { instancesOf } from './frame/application-entities.ts';
import { sharedCounter } from './frame/shared-counter.ts';
import { groupPlans, positionCounter } from './frame/group-entities.ts';
import { acknowledgedCounter } from './frame/node-entities.ts';
import { committedCounter } from './frame/partition-entities.ts';
import { tasksOf } from '../streams/runtime/instance-memory.ts';
import { shown } from './prelude.ts';
import type { World } from './world.ts';

export const SAMPLE_EVERY: SimTime = SAMPLE_INTERVAL;

/** Points kept; an hour. */
const SAMPLES_MAX = 14_400;

/** Takes the points of the timeline's curves, and the counters that rates come from, at regular moments. */
export class Sampling {
  readonly history = new CounterHistory();
  private readonly world: World;
  private list: Sample[] = [];

  constructor(world: World) {
    this.world = world;
  }

  get samples(): readonly Sample[] {
    return this.list;
  }

  /** `at` in kernel time. */
  take(at: SimTime): void {
    const time = shown(at);
    if (time < 0) return;
    const counters = countersOf(this.world);
    this.history.record(time, counters);
    this.list.push(this.sampleOf(time, counters));
    if (this.list.length > SAMPLES_MAX) this.list.shift();
  }

  forgetFrom(at: SimTime): void {
    const time = shown(at);
    this.history.forgetFrom(time);
    while ((this.list.at(-1)?.at ?? -1) >= time) this.list.pop();
  }

  private sampleOf(at: SimTime, counters: ReadonlyMap<string, number>): Sample {
    const { world, history } = this;
    let waitingInProducers = 0;
    let recordsPerSecond = 0;
    for (const { id } of world.scenario.producers) {
      const counts = world.producer(id)?.producer.counters;
      waitingInProducers += (counts?.buffered ?? 0) + (counts?.inFlight ?? 0);
      const name = acknowledgedCounter(id);
      recordsPerSecond += history.rate(name, at, counters.get(name) ?? 0);
    }
    return {
      at,
      waitingInProducers,
      waiting: waitingOf(world, history),
      recordsPerSecond,
      underReplicated: underReplicated(world),
      streamTime: streamTimeOf(world),
    };
  }
}

/** Committed records that nobody has read yet, of share groups those that are not done with, by `group/topic`. */
function waitingOf(world: World, history: CounterHistory): Record<string, number> {
  const waiting: Record<string, number> = {};
  const { topics } = world.image();
  const count = (group: string, topic: string, counterOf: typeof positionCounter): void => {
    let sum = 0;
    for (let p = 0; p < (topics.get(topic)?.partitions.length ?? 0); p++) {
      const name = topicPartition(topic, p);
      sum += Math.max(0, history.latest(committedCounter(name)) - history.latest(counterOf(group, name)));
    }
    waiting[`${group}/${topic}`] = sum;
  };
  for (const plan of groupPlans(world))
    for (const topic of plan.topics) count(plan.id, topic, positionCounter);
  for (const { id, topic } of world.scenario.shareGroups ?? []) count(id, topic, sharedCounter);
  return waiting;
}

function underReplicated(world: World): number {
  let count = 0;
  for (const { name, partitions } of world.image().topics.values())
    if (!name.startsWith('__'))
      for (const { isr, replicas } of partitions) if (isr.length < replicas.length) count += 1;
  return count;
}

/** The highest stream time of any task, −1 before the first record. */
function streamTimeOf(world: World): number {
  let highest = -1;
  for (const spec of world.scenario.applications)
    for (const node of instancesOf(spec)) {
      const memory = world.instance(node);
      if (memory === undefined) continue;
      for (const { state } of tasksOf(memory)) highest = Math.max(highest, state.streamTime);
    }
  return highest;
}
