import { int64ToBytes, type Bytes } from '../base/bytes.ts';
import { streamsConfig } from '../streams/config.ts';
import { newDriverState, TopologyTestDriver } from '../streams/test-driver/topology-test-driver.ts';
import { buildTopology } from '../streams/topology/build-topology.ts';
import type { Topology } from '../streams/topology/topology-node.ts';

/** A driver whose table has a key for each of so many. */
export interface KeyedDriver {
  readonly driver: TopologyTestDriver;
  readonly keys: number;
  /** Puts a first value under each key. */
  fill(): void;
  /** Changes so many keys, spread over all of them. Another round changes others. */
  change(count: number, round: number): void;
}

const TABLE: Topology = [
  { id: 't', op: 'table', topic: 'table', key: 'string', value: 'long', as: 'table' },
  { id: 's', op: 'toStream', of: 't' },
  { op: 'to', of: 's', topic: 'out' },
];

/** Keys of ten characters, made beforehand: what a store needs beyond them is its own. */
const keyNames = (count: number): Bytes[] =>
  Array.from({ length: count }, (_, i) => {
    const name = `key${String(i).padStart(7, '0')}`;
    // A map's key is hashed and flat already, and stays the very same string.
    return Object.keys({ [name]: i })[0] as Bytes;
  });

export function tableOfKeys(keys: number): KeyedDriver {
  const config = streamsConfig({ 'statestore.cache.max.bytes': '0' });
  const built = buildTopology(TABLE, { config });
  const nothing = () => undefined;
  const listener = { produced: nothing, changelog: nothing };
  const driver = new TopologyTestDriver(built, newDriverState(built, 0), listener);
  const names = keyNames(keys);
  const put = (at: number, value: number) => {
    const key = names[at] as Bytes;
    driver.pipe({ topic: 'table', key, value: int64ToBytes(value), timestamp: value });
  };
  return {
    driver,
    keys,
    fill() {
      for (let i = 0; i < keys; i++) put(i, i);
    },
    change(count, round) {
      const step = Math.floor(keys / count);
      for (let i = 0; i < count; i++) put((i * step + round) % keys, keys + i + round);
    },
  };
}
