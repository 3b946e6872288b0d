import { assert, ensure } from '../base/assert.ts';
import type { CheckerCheckpoint } from '../checker/checker.ts';
import type { KernelState } from '../sim/kernel-state.ts';

/** A moment that can be gone back to. */
export interface Checkpoint {
  readonly eventCount: number;
  readonly at: number;
  /** How many commands of the list have been executed. */
  readonly commandsDone: number;
  readonly state: KernelState;
  /** What the checker remembered at that moment. */
  readonly checker: CheckerCheckpoint;
}

/** Events between two checkpoints of a small cluster; bounds the work of a seek. */
const SPACING = 1_024;
/** A checkpoint compares all state with the one before: with so many more replicas it is taken so much more seldom. */
const REPLICAS = 256;
/** Checkpoints kept at most. When they are more, every second one of the older half goes. */
const CAPACITY = 400;

/**
 * The checkpoints of a run in order of time. The first (the start) always stays. Spacing doubles where old ones were
 * thinned out, so memory is bounded and a seek costs at most a few spacings of replay.
 */
export class Checkpoints {
  private readonly list: Checkpoint[] = [];
  private readonly spacing: number;

  /** `replicas`: of all partitions that the scenario names. */
  constructor(start: Checkpoint, replicas: number) {
    this.list.push(start);
    this.spacing = SPACING * Math.max(1, Math.ceil(replicas / REPLICAS));
  }

  get size(): number {
    return this.list.length;
  }

  get newest(): Checkpoint {
    return ensure(this.list.at(-1), 'a first checkpoint');
  }

  /** Whether so many events make a new checkpoint due. */
  isDue(eventCount: number): boolean {
    return eventCount - this.newest.eventCount >= this.spacing;
  }

  add(checkpoint: Checkpoint): void {
    const { newest } = this;
    assert(checkpoint.eventCount > newest.eventCount, 'checkpoints go forward', {
      newest: newest.eventCount,
      added: checkpoint.eventCount,
    });
    this.list.push(checkpoint);
    if (this.list.length > CAPACITY) this.thin();
  }

  private thin(): void {
    const half = this.list.length >> 1;
    const kept = this.list.filter((_, i) => i === 0 || i >= half || i % 2 === 0);
    this.list.splice(0, this.list.length, ...kept);
  }

  /** The newest that satisfies `before`; the start if none does. */
  newestWhere(before: (checkpoint: Checkpoint) => boolean): Checkpoint {
    for (let i = this.list.length - 1; i > 0; i--) {
      const checkpoint = this.list[i] as Checkpoint;
      if (before(checkpoint)) return checkpoint;
    }
    return ensure(this.list[0], 'a first checkpoint');
  }

  /** Forgets every checkpoint taken at or after `at`. */
  dropFrom(at: number): void {
    while (this.list.length > 1 && (this.list.at(-1) as Checkpoint).at >= at) this.list.pop();
  }
}
