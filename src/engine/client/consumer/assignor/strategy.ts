import type { Bytes } from '../../../base/bytes.ts';
import { int32 } from '../../../protocol/byte-codec.ts';
import type { ConsumerSubscription } from '../../../protocol/consumer-protocol.ts';
import { NO_CLAIM, type Assign, type Claim } from './assignor.ts';
import { assignRange } from './range-assignor.ts';
import { assignRoundRobin } from './round-robin-assignor.ts';
import { assignCooperativeSticky, assignSticky } from './sticky-assignor.ts';
import { decodeClaim, encodeClaim, partitionsOf } from './sticky-user-data.ts';

/** A built-in assignor, as members tell its leader of themselves and as the leader asks it (`ConsumerPartitionAssignor`). */
export interface Strategy {
  readonly assign: Assign;
  /** Whether members keep what stays theirs while they rebalance (KIP-429). */
  readonly cooperative: boolean;
  /** What a member adds to its subscription. `last` is what this assignor last gave it. */
  userData(last: Claim | undefined): Bytes | null;
  /** What a member's subscription says that it owned. */
  claimOf(subscription: ConsumerSubscription): Claim;
}

const SILENT = { userData: () => null, claimOf: () => NO_CLAIM };

/** By the name that the group protocol has for it. */
const STRATEGIES: Readonly<Record<string, Strategy>> = {
  range: { assign: assignRange, cooperative: false, ...SILENT },
  roundrobin: { assign: assignRoundRobin, cooperative: false, ...SILENT },
  sticky: {
    assign: assignSticky,
    cooperative: false,
    userData: (last) => (last === undefined ? null : encodeClaim(last)),
    claimOf: ({ userData }) => decodeClaim(userData),
  },
  'cooperative-sticky': {
    assign: assignCooperativeSticky,
    cooperative: true,
    userData: (last) => int32(last?.generation ?? -1),
    claimOf: ({ ownedPartitions, generationId }) => ({
      partitions: ownedPartitions.flatMap(partitionsOf),
      generation: generationId,
    }),
  },
};

/** Undefined for an assignor that is not built in. */
export const strategyOf = (name: string): Strategy | undefined =>
  Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name] : undefined;

/** Classes of `partition.assignment.strategy`, with the names that the group protocol has for them. */
const CLASS_NAMES: Readonly<Record<string, string>> = {
  RangeAssignor: 'range',
  RoundRobinAssignor: 'roundrobin',
  StickyAssignor: 'sticky',
  CooperativeStickyAssignor: 'cooperative-sticky',
};

/** Names of configured classes, in the order of preference. */
export const strategyNames = (classes: readonly string[]): string[] =>
  classes.map((name) => CLASS_NAMES[name.slice(name.lastIndexOf('.') + 1)] ?? name);

/** Name of Kafka Streams' own assignor (`StreamsPartitionAssignor`): its owner shares out. */
export const STREAMS_ASSIGNOR = 'stream';

/** Whether members keep their partitions while they rebalance: only if all of their assignors allow for it. */
export const isCooperative = (names: readonly string[]): boolean =>
  names.every((name) => name === STREAMS_ASSIGNOR || strategyOf(name)?.cooperative === true);
