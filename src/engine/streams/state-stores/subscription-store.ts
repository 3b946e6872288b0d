import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import { CowTree } from '../../base/cow-tree.ts';
import type { Subscription } from '../serdes/subscription-serdes.ts';
import type { Store, StoreContext, StoreDefinition } from './store.ts';

export interface SubscriptionState {
  /** Length and bytes of the foreign key, bytes of the primary key → subscription. */
  readonly subscriptions: CowTree<Subscription>;
}

export const newSubscriptionState = (): SubscriptionState => ({ subscriptions: new CowTree() });

/** Which left rows ask for a right row, by foreign key, then primary key (`CombinedKeySchema`). */
export class SubscriptionStore implements Store {
  readonly definition: StoreDefinition;
  private readonly context: StoreContext;
  private readonly tree: CowTree<Subscription>;

  constructor(definition: StoreDefinition, state: SubscriptionState, context: StoreContext) {
    this.definition = definition;
    this.context = context;
    this.tree = state.subscriptions;
  }

  /** A null subscription deletes. `foreignKey` and `primaryKey` are bytes. */
  put(foreignKey: Bytes, primaryKey: Bytes, subscription: Subscription | null): void {
    const key = prefixOf(foreignKey) + primaryKey;
    if (subscription === null) this.tree.delete(key);
    else this.tree.set(key, subscription);
    const { definition: store, context } = this;
    const { timestamp, headers } = context.recordContext();
    context.changelog({
      store,
      key,
      start: -1,
      end: -1,
      sequence: -1,
      value: subscription,
      timestamp,
      headers,
    });
  }

  /** All that ask for a foreign key, by the bytes of their primary keys, as they are now. */
  withForeignKey(foreignKey: Bytes): Subscription[] {
    const prefix = prefixOf(foreignKey);
    const found: Subscription[] = [];
    this.tree.visit({ from: prefix }, (subscription, key) => {
      if (!key.startsWith(prefix)) return false;
      found.push(subscription);
      return true;
    });
    return found;
  }

  flush(): void {
    // Changes are logged at once.
  }

  restore(key: Bytes, value: Bytes | null): void {
    if (value === null) this.tree.delete(key);
    else this.tree.set(key, this.definition.value.deserialize(value) as Subscription);
  }
}

const prefixOf = (foreignKey: Bytes): Bytes => int32ToBytes(foreignKey.length) + foreignKey;
