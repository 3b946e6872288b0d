import type { Bytes } from '../../base/bytes.ts';
import { murmur3Hash128 } from '../../base/murmur3.ts';
import type { ValueGetterSupplier } from '../operators/table-supplier.ts';
import type { Serde } from '../serdes/serde.ts';
import {
  DELETE_AND_PROPAGATE,
  DELETE_NO_PROPAGATE,
  PROPAGATE_NULL_IF_NO_VALUE,
  PROPAGATE_ONLY_IF_VALUE,
  subscriptionResponse,
  type Subscription,
  type SubscriptionResponse,
} from '../serdes/subscription-serdes.ts';
import type { SubscriptionStore } from '../state-stores/subscription-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withKeyValue, withValue, type StreamRecord } from '../task/stream-record.ts';

const hashOf = (value: unknown, serde: Serde): Bytes | null =>
  value === null ? null : murmur3Hash128(serde.serialize(value));

interface SendOptions {
  readonly foreignKeyOf: (value: unknown) => unknown;
  readonly foreignKey: Serde;
  readonly value: Serde;
  readonly left: boolean;
}

/** The left side: tells the right side which rows ask for which foreign key (`SubscriptionSendProcessorSupplier`). */
export class SubscriptionSendSupplier implements ProcessorSupplier {
  useVersionedSemantics = false;
  private readonly options: SendOptions;

  constructor(options: SendOptions) {
    this.options = options;
  }

  create(context: ProcessorContext): Processor {
    const ignoreOlder = this.useVersionedSemantics;
    return {
      process: (record) => {
        if (ignoreOlder && !record.isLatest) context.dropped();
        else if (this.options.left) this.leftJoin(context, record);
        else this.innerJoin(context, record);
      },
    };
  }

  private leftJoin(context: ProcessorContext, record: StreamRecord): void {
    if (record.value === null && record.oldValue === null) return;
    const [before, after] = this.foreignKeys(record);
    if (before !== null && !this.sameKey(before, after))
      this.send(context, record, before, DELETE_NO_PROPAGATE);
    this.send(context, record, after, PROPAGATE_NULL_IF_NO_VALUE);
  }

  private innerJoin(context: ProcessorContext, record: StreamRecord): void {
    const [before, after] = this.foreignKeys(record);
    if (record.value !== null && after === null) context.dropped();
    if (after === null) {
      if (before !== null) this.send(context, record, before, DELETE_AND_PROPAGATE);
    } else if (before === null) this.send(context, record, after, PROPAGATE_ONLY_IF_VALUE);
    else if (this.sameKey(before, after)) this.send(context, record, after, PROPAGATE_ONLY_IF_VALUE);
    else {
      this.send(context, record, before, DELETE_NO_PROPAGATE);
      this.send(context, record, after, PROPAGATE_NULL_IF_NO_VALUE);
    }
  }

  /** The foreign keys of the old and the new value. */
  private foreignKeys({ value, oldValue }: StreamRecord): readonly [unknown, unknown] {
    const { foreignKeyOf } = this.options;
    return [oldValue === null ? null : foreignKeyOf(oldValue), value === null ? null : foreignKeyOf(value)];
  }

  private sameKey(a: unknown, b: unknown): boolean {
    const { foreignKey } = this.options;
    return a !== null && b !== null && foreignKey.serialize(a) === foreignKey.serialize(b);
  }

  private send(
    context: ProcessorContext,
    record: StreamRecord,
    foreignKey: unknown,
    instruction: number,
  ): void {
    const subscription: Subscription = {
      hash: hashOf(record.value, this.options.value),
      instruction,
      primaryKey: record.key,
      primaryPartition: context.metadata()?.partition ?? 0,
    };
    context.forward(withKeyValue(record, foreignKey, subscription));
  }
}

interface ReceiveOptions {
  readonly storeName: string;
  readonly foreignKey: Serde;
  readonly primaryKey: Serde;
}

/** The right side: keeps the subscriptions (`SubscriptionReceiveProcessorSupplier`). */
export class SubscriptionReceiveSupplier implements ProcessorSupplier {
  private readonly options: ReceiveOptions;

  constructor(options: ReceiveOptions) {
    this.options = options;
  }

  create(context: ProcessorContext): Processor {
    const { storeName, foreignKey, primaryKey } = this.options;
    const store = context.store<SubscriptionStore>(storeName);
    return {
      process(record) {
        const subscription = record.value as Subscription;
        const { instruction } = subscription;
        if (record.key === null && instruction !== PROPAGATE_NULL_IF_NO_VALUE) {
          context.dropped();
          return;
        }
        if (record.key !== null) {
          const deletes = instruction === DELETE_AND_PROPAGATE || instruction === DELETE_NO_PROPAGATE;
          const primary = primaryKey.serialize(subscription.primaryKey);
          store.put(foreignKey.serialize(record.key), primary, deletes ? null : subscription);
        }
        context.forward(record);
      },
    };
  }
}

/** The right side: answers a subscription at once with what the table holds (`SubscriptionJoinProcessorSupplier`). */
export class SubscriptionJoinSupplier implements ProcessorSupplier {
  private readonly foreignTable: ValueGetterSupplier;

  constructor(foreignTable: ValueGetterSupplier) {
    this.foreignTable = foreignTable;
  }

  create(context: ProcessorContext): Processor {
    const table = this.foreignTable.get(context);
    return {
      process(record) {
        const subscription = record.value as Subscription;
        const { instruction, primaryKey } = subscription;
        const found = record.key === null ? undefined : table.get(record.key);
        if (instruction === DELETE_NO_PROPAGATE) return;
        if (instruction === PROPAGATE_ONLY_IF_VALUE && found === undefined) return;
        const foreignValue = instruction === DELETE_AND_PROPAGATE ? null : (found?.value ?? null);
        const response = subscriptionResponse(subscription, foreignValue);
        const timestamp = Math.max(record.timestamp, found?.timestamp ?? -1);
        context.forward({ ...withKeyValue(record, primaryKey, response), timestamp });
      },
    };
  }
}

/** The right side: tells all that asked for a row when it changes (`ForeignTableJoinProcessorSupplier`). */
export class ForeignTableJoinSupplier implements ProcessorSupplier {
  useVersionedSemantics = false;
  private readonly storeName: string;
  private readonly foreignKey: Serde;

  constructor(storeName: string, foreignKey: Serde) {
    this.storeName = storeName;
    this.foreignKey = foreignKey;
  }

  create(context: ProcessorContext): Processor {
    const { foreignKey, useVersionedSemantics } = this;
    const store = context.store<SubscriptionStore>(this.storeName);
    return {
      process(record) {
        if (record.key === null || (useVersionedSemantics && !record.isLatest)) {
          context.dropped();
          return;
        }
        for (const subscription of store.withForeignKey(foreignKey.serialize(record.key))) {
          const response = subscriptionResponse(subscription, record.value);
          context.forward(withKeyValue(record, subscription.primaryKey, response));
        }
      },
    };
  }
}

interface ResponseOptions {
  readonly table: ValueGetterSupplier;
  readonly value: Serde;
  readonly joiner: (left: unknown, right: unknown) => unknown;
  readonly left: boolean;
}

/** The left side again: joins the answer with the row, if the row is still what asked (`ResponseJoinProcessorSupplier`). */
export class ResponseJoinSupplier implements ProcessorSupplier {
  private readonly options: ResponseOptions;

  constructor(options: ResponseOptions) {
    this.options = options;
  }

  create(context: ProcessorContext): Processor {
    const { value, joiner, left } = this.options;
    const table = this.options.table.get(context);
    return {
      process(record) {
        const { hash, foreignValue } = record.value as SubscriptionResponse;
        const row = table.get(record.key);
        if (hash !== hashOf(row?.value ?? null, value)) {
          context.dropped();
          return;
        }
        const gone = foreignValue === null && (!left || row === undefined);
        context.forward(withValue(record, gone ? null : joiner(row?.value ?? null, foreignValue)));
      },
    };
  }
}
