import { logLeaderEpoch } from '../log/partition-log.ts';
import type { FetchRequestPartition } from '../protocol/fetch.ts';
import type { Asking } from '../protocol/fetch-session-handler.ts';
import type { Replica } from './replica.ts';

/** What a follower asks of a partition: all behind the end of its own log. */
export const askingFor = (partitionMaxBytes: number): Asking<Replica> => ({
  ask: ({ partition, leaderEpoch, log }) => ({
    partition,
    currentLeaderEpoch: leaderEpoch,
    fetchOffset: log.logEndOffset,
    lastFetchedEpoch: logLeaderEpoch(log),
    logStartOffset: log.logStartOffset,
    partitionMaxBytes,
  }),
  isSame,
});

const isSame = (asked: FetchRequestPartition, { leaderEpoch, log }: Replica): boolean =>
  asked.fetchOffset === log.logEndOffset &&
  asked.currentLeaderEpoch === leaderEpoch &&
  asked.logStartOffset === log.logStartOffset &&
  asked.lastFetchedEpoch === logLeaderEpoch(log);
