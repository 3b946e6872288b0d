import type { Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import type { Stamped, StoreContext, StoreDefinition } from './store.ts';
import type { PutResult, TableStore } from './table-store.ts';

/** Versions of one key, ascending by time; a null value says that there was none from then on. Immutable. */
type Versions = readonly Stamped[];

export interface VersionedState {
  readonly keys: CowTree<Versions>;
  /** Largest timestamp ever put; −1 at first. */
  observed: number;
}

export const newVersionedState = (): VersionedState => ({ keys: new CowTree(), observed: -1 });

/** A table's store that also answers what was valid at an earlier time (KIP-889), as far back as its history reaches. */
export class VersionedStore implements TableStore {
  readonly definition: StoreDefinition;
  readonly versioned = true;
  private readonly context: StoreContext;
  private readonly state: VersionedState;

  constructor(definition: StoreDefinition, state: VersionedState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.state = state;
  }

  get(key: unknown): Stamped | undefined {
    const versions = this.versionsOf(key);
    const latest = versions[versions.length - 1];
    return latest === undefined || latest.value === null ? undefined : latest;
  }

  /** Of times older than the history only this is known: the latest value, if it was valid already. */
  getAsOf(key: unknown, timestamp: number): Stamped | undefined {
    if (timestamp < this.state.observed - this.definition.historyRetention) {
      const latest = this.get(key);
      return latest !== undefined && latest.timestamp <= timestamp ? latest : undefined;
    }
    const versions = this.versionsOf(key);
    const found = versions[lastAtOrBefore(versions, timestamp)];
    return found === undefined || found.value === null ? undefined : found;
  }

  put(key: unknown, value: unknown, timestamp: number): PutResult {
    const result = this.write(this.definition.key.serialize(key), value, timestamp);
    if (result === 'notPut') this.context.dropped();
    const { definition: store } = this;
    if (store.logging)
      this.context.changelog({ store, key, start: -1, end: -1, sequence: -1, value, timestamp });
    return result;
  }

  flush(): void {
    // Versioned stores cannot be cached.
  }

  restore(key: Bytes, value: Bytes | null, timestamp: number): void {
    this.write(key, value === null ? null : this.definition.value.deserialize(value), timestamp);
  }

  private write(bytes: Bytes, value: unknown, timestamp: number): PutResult {
    const { state } = this;
    const horizon = state.observed - this.definition.historyRetention;
    if (timestamp < horizon) return 'notPut';
    state.observed = Math.max(state.observed, timestamp);
    const versions = (state.keys.get(bytes) ?? []).slice();
    const at = lastAtOrBefore(versions, timestamp);
    const replaces = versions[at]?.timestamp === timestamp;
    const latest = at === versions.length - 1;
    const vanishes = latest && replaces && value === null && leavesNoTrace(versions);
    versions.splice(replaces ? at : at + 1, replaces ? 1 : 0, ...(vanishes ? [] : [{ value, timestamp }]));
    state.keys.set(bytes, withoutHistoryBefore(versions, state.observed - this.definition.historyRetention));
    return latest ? 'latest' : 'older';
  }

  private versionsOf(key: unknown): Versions {
    return this.state.keys.get(this.definition.key.serialize(key)) ?? [];
  }
}

/**
 * Whether the latest version goes without a trace if it is deleted at its own time. Only the end of an earlier value's
 * validity, or a deletion of what was not there, would tell of it (`RocksDBVersionedStore`).
 */
function leavesNoTrace(versions: Versions): boolean {
  const latest = versions[versions.length - 1];
  const before = versions[versions.length - 2];
  return latest?.value !== null && (before === undefined || before.value === null);
}

/** Index of the last version that is not newer than `timestamp`, or −1. */
function lastAtOrBefore(versions: Versions, timestamp: number): number {
  let at = versions.length - 1;
  while (at >= 0 && (versions[at] as Stamped).timestamp > timestamp) at--;
  return at;
}

/** Leaves out the versions that had ceased to be valid before `horizon`: no read can reach them. */
function withoutHistoryBefore(versions: Versions, horizon: number): Versions {
  const first = Math.max(0, lastAtOrBefore(versions, horizon));
  return first === 0 ? versions : versions.slice(first);
}
