import { SAMPLE_INTERVAL, type Entity, type Sample } from '../api/frame.ts';
import type { SimTime } from '../base/time.ts';
import { CounterHistory } from './counter-history.ts';
import { countersOf } from './counters.ts';
import { shown } from './prelude.ts';
import type { World } from './world.ts';

/** Points kept; an hour. */
const SAMPLES_MAX = 14_400;

/** Takes the points of the timeline's curves, and the counters that rates come from, at regular moments. */
export class Sampling {
  readonly history = new CounterHistory();
  private readonly world: World;
  private readonly entities: () => readonly Entity[];
  private list: Sample[] = [];

  constructor(world: World, entities: () => readonly Entity[]) {
    this.world = world;
    this.entities = entities;
  }

  get samples(): readonly Sample[] {
    return this.list;
  }

  /** `at` in kernel time. */
  take(at: SimTime): void {
    const time = shown(at);
    if (time < 0) return;
    this.history.record(time, countersOf(this.world));
    this.list.push(sampleOf(time, this.entities()));
    if (this.list.length > SAMPLES_MAX) this.list.shift();
  }

  forgetFrom(at: SimTime): void {
    const time = shown(at);
    this.history.forgetFrom(time);
    while ((this.list.at(-1)?.at ?? -1) >= time) this.list.pop();
  }
}

export const SAMPLE_EVERY: SimTime = SAMPLE_INTERVAL;

function sampleOf(at: SimTime, entities: readonly Entity[]): Sample {
  const waiting: Record<string, number> = {};
  let waitingInProducers = 0;
  let recordsPerSecond = 0;
  let underReplicated = 0;
  let streamTime = -1;
  for (const entity of entities) {
    if (entity.kind === 'producer') {
      waitingInProducers += entity.buffered + entity.inFlight;
      recordsPerSecond += entity.recordsPerSecond;
    }
    if (entity.kind === 'cluster') underReplicated = entity.underReplicated;
    if (entity.kind === 'application') streamTime = Math.max(streamTime, entity.windows?.streamTime ?? -1);
    if (entity.kind === 'group')
      for (const { name, lag } of entity.partitions) {
        const key = `${entity.name}/${name.slice(0, name.lastIndexOf('-'))}`;
        waiting[key] = (waiting[key] ?? 0) + lag;
      }
  }
  return { at, waitingInProducers, waiting, recordsPerSecond, underReplicated, streamTime };
}
