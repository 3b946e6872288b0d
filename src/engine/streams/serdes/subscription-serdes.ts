import { int32ToBytes, type Bytes } from '../../base/bytes.ts';
import type { Serde } from './serde.ts';

/** What the right side of a foreign-key join is to do with a subscription of the left side. The numbers are Kafka's. */
export const DELETE_NO_PROPAGATE = 0;
export const DELETE_AND_PROPAGATE = 1;
export const PROPAGATE_NULL_IF_NO_VALUE = 2;
export const PROPAGATE_ONLY_IF_VALUE = 3;

/** A left row asks for the right row of its foreign key (`SubscriptionWrapper`). Immutable. */
export interface Subscription {
  /** Hash of the left value; null if the row was deleted. */
  readonly hash: Bytes | null;
  readonly instruction: number;
  readonly primaryKey: unknown;
  readonly primaryPartition: number;
}

/** The right side's answer (`SubscriptionResponseWrapper`). Immutable. */
export interface SubscriptionResponse {
  /** Hash of the left value that asked. An answer to an older one is stale. */
  readonly hash: Bytes | null;
  readonly foreignValue: unknown;
  /** Partition of the left row; not part of the bytes. */
  readonly primaryPartition: number | undefined;
}

/** Answers a subscription. The layout cannot tell a value that has no bytes (an empty text) from none. */
export const subscriptionResponse = (
  { hash, primaryPartition }: Subscription,
  foreignValue: unknown,
): SubscriptionResponse => ({
  hash,
  foreignValue: foreignValue === '' ? null : foreignValue,
  primaryPartition,
});

const HASH_LENGTH = 16;
/** Set in the version byte if there is no hash. */
const NO_HASH = 0x80;

/** `SubscriptionWrapperSerde`, version 1. */
export function subscriptionSerde(primaryKey: Serde): Serde {
  return {
    name: `subscription(${primaryKey.name})`,
    serialize(value) {
      const { hash, instruction, primaryKey: key, primaryPartition } = value as Subscription;
      const version = String.fromCharCode(hash === null ? 1 | NO_HASH : 1);
      const head = version + String.fromCharCode(instruction) + (hash ?? '');
      return head + primaryKey.serialize(key) + int32ToBytes(primaryPartition);
    },
    deserialize(bytes): Subscription {
      const hasHash = (bytes.charCodeAt(0) & NO_HASH) === 0;
      const at = hasHash ? 2 + HASH_LENGTH : 2;
      const end = bytes.length - 4;
      return {
        hash: hasHash ? bytes.slice(2, at) : null,
        instruction: bytes.charCodeAt(1),
        primaryKey: primaryKey.deserialize(bytes.slice(at, end)),
        primaryPartition: (bytes.charCodeAt(end + 2) << 8) | bytes.charCodeAt(end + 3),
      };
    },
  };
}

/** `SubscriptionResponseWrapperSerde`, version 0. */
export function subscriptionResponseSerde(foreignValue: Serde): Serde {
  return {
    name: `subscriptionResponse(${foreignValue.name})`,
    serialize(value) {
      const { hash, foreignValue: item } = value as SubscriptionResponse;
      const version = String.fromCharCode(hash === null ? NO_HASH : 0);
      return version + (hash ?? '') + (item === null ? '' : foreignValue.serialize(item));
    },
    deserialize(bytes): SubscriptionResponse {
      const hasHash = (bytes.charCodeAt(0) & NO_HASH) === 0;
      const at = hasHash ? 1 + HASH_LENGTH : 1;
      return {
        hash: hasHash ? bytes.slice(1, at) : null,
        foreignValue: bytes.length > at ? foreignValue.deserialize(bytes.slice(at)) : null,
        primaryPartition: undefined,
      };
    },
  };
}
