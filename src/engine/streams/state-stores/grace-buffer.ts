import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import { CowTree, type KeyRange } from '../../base/cow-tree.ts';
import { readBuffered, type BufferedRecord } from './buffered-record.ts';
import { orderedTime, timeAt } from './ordered-time.ts';
import type { Store, StoreContext, StoreDefinition } from './store.ts';

/** Marks entries of the buffer itself, before those of an index (`TimeFirstWindowKeySchema`). */
const PREFIX = '\0';

/** The half-open range of everything at `time` or earlier. */
const upTo = (time: number): KeyRange => ({ to: PREFIX + orderedTime(time + 1) });

export interface GraceBufferState {
  /** Time, key's bytes and number → record. */
  readonly waiting: CowTree<BufferedRecord>;
  /** Largest timestamp ever put; −1 at first. */
  observed: number;
  sequence: number;
}

export const newGraceBufferState = (): GraceBufferState => ({
  waiting: new CowTree(),
  observed: -1,
  sequence: 0,
});

/** Records of a stream that wait until their grace is over before they are joined with a table (KIP-923). */
export class GraceBuffer implements Store {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly state: GraceBufferState;

  constructor(definition: StoreDefinition, state: GraceBufferState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.state = state;
  }

  get records(): number {
    return this.state.waiting.size;
  }

  /** False if the record's grace is over already. */
  put(record: BufferedRecord, grace: number): boolean {
    const { state } = this;
    const { timestamp } = record.context;
    if (state.observed - grace > timestamp) return false;
    const key = this.definition.key.serialize(record.key);
    const place = PREFIX + orderedTime(timestamp) + key + int32ToBytes(++state.sequence);
    state.observed = Math.max(state.observed, timestamp);
    state.waiting.set(place, record);
    this.log(place, record);
    return true;
  }

  /** The records whose grace is over, by time, key, arrival. Each is removed once it has been handed out. */
  evict(grace: number, handOut: (record: BufferedRecord) => void): void {
    const { state } = this;
    const limit = state.observed - grace;
    if (limit < 0) return;
    for (const [place, record] of state.waiting.entries(upTo(limit))) {
      handOut(record);
      state.waiting.delete(place);
      this.log(place, null);
    }
  }

  flush(): void {
    // Changes are logged at once.
  }

  restore(key: Bytes, value: Bytes | null): void {
    const { state, definition } = this;
    state.observed = Math.max(state.observed, timeAt(key, 1));
    if (value === null) state.waiting.delete(key);
    else
      state.waiting.set(
        key,
        readBuffered(value, definition.key.deserialize(key.slice(9, -4)), definition.value),
      );
  }

  private log(key: Bytes, value: BufferedRecord | null): void {
    const { definition: store } = this;
    if (!store.logging) return;
    this.context.changelog({ store, key, start: -1, end: -1, sequence: -1, value, timestamp: -1 });
  }
}
