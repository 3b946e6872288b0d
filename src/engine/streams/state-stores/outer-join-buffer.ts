import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import { orderedTime, timeAt } from './ordered-time.ts';
import type { Store, StoreContext, StoreDefinition } from './store.ts';

/** Which stream a record of a join came from. */
export type JoinSide = 'left' | 'right';

/** A value with the side it came from: both sides share one store. */
export interface SidedValue {
  readonly side: JoinSide;
  readonly item: unknown;
}

/** Values that wait under one key, time and side, in order of arrival. Immutable. */
type Waiting = readonly SidedValue[];

export interface OuterJoinBufferState {
  /** Time, side (right before left) and key's bytes → values. */
  readonly waiting: CowTree<Waiting>;
}

export const newOuterJoinBufferState = (): OuterJoinBufferState => ({ waiting: new CowTree() });

export interface OuterJoinEntry {
  readonly key: unknown;
  readonly timestamp: number;
  readonly side: JoinSide;
  readonly values: readonly unknown[];
}

const SIDE_BYTES: Readonly<Record<JoinSide, Bytes>> = { left: '\x01', right: '\x00' };

/** Records of a left or outer stream join that have not met a partner yet (KIP-633's shared store). */
export class OuterJoinBuffer implements Store {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly tree: CowTree<Waiting>;

  constructor(definition: StoreDefinition, state: OuterJoinBufferState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.tree = state.waiting;
  }

  add(key: unknown, timestamp: number, side: JoinSide, value: unknown): void {
    const bytes = this.bytesOf(key, timestamp, side);
    const values = [...(this.tree.get(bytes) ?? []), { side, item: value }];
    this.tree.set(bytes, values);
    this.log(bytes, values);
  }

  /** A partner came: nothing waits here any more. */
  remove(key: unknown, timestamp: number, side: JoinSide): void {
    const bytes = this.bytesOf(key, timestamp, side);
    if (this.tree.get(bytes) === undefined) return;
    this.tree.delete(bytes);
    this.log(bytes, null);
  }

  /** All that wait, by time, right before left, then key's bytes. */
  all(): OuterJoinEntry[] {
    const { key } = this.definition;
    return this.tree.entries().map(([bytes, values]) => ({
      key: key.deserialize(bytes.slice(9)),
      timestamp: timeAt(bytes, 0),
      side: bytes[8] === SIDE_BYTES.left ? 'left' : 'right',
      values: values.map(({ item }) => item),
    }));
  }

  flush(): void {
    // Changes are logged at once.
  }

  restore(key: Bytes, value: Bytes | null): void {
    if (value === null) this.tree.delete(key);
    else
      this.tree.set(
        key,
        readList(value, (item) => this.definition.value.deserialize(item) as SidedValue),
      );
  }

  private bytesOf(key: unknown, timestamp: number, side: JoinSide): Bytes {
    return orderedTime(timestamp) + SIDE_BYTES[side] + this.definition.key.serialize(key);
  }

  private log(key: Bytes, value: Waiting | null): void {
    const { definition: store, context } = this;
    if (!store.logging) return;
    context.changelog({
      store,
      key,
      start: -1,
      end: -1,
      sequence: -1,
      value,
      timestamp: context.timestamp(),
    });
  }
}

/** `ListSerializer` for elements of varying size: a mark, the number of elements, each with its length. */
export function listBytes(values: readonly unknown[], serialize: (value: unknown) => Bytes): Bytes {
  const items = values.map(serialize).map((bytes) => int32ToBytes(bytes.length) + bytes);
  return `\x01${int32ToBytes(values.length)}${items.join('')}`;
}

const int32At = (bytes: Bytes, at: number): number =>
  (bytes.charCodeAt(at) << 24) |
  (bytes.charCodeAt(at + 1) << 16) |
  (bytes.charCodeAt(at + 2) << 8) |
  bytes.charCodeAt(at + 3);

function readList(bytes: Bytes, deserialize: (bytes: Bytes) => SidedValue): Waiting {
  const values: SidedValue[] = [];
  let at = 5;
  for (let left = int32At(bytes, 1); left > 0; left--) {
    const length = int32At(bytes, at);
    values.push(deserialize(bytes.slice(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return values;
}
