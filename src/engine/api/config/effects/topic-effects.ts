import type { TOPIC_CONFIG } from '../topic-config.ts';

/** What a person sees change, by key: one sentence. */
export const TOPIC_EFFECTS: Readonly<Record<keyof typeof TOPIC_CONFIG, string>> = {
  'min.insync.replicas':
    'How many replicas must be in sync for a write with acks=all, and for the high watermark to move.',
  'unclean.leader.election.enable':
    'Whether a replica that is not in sync may lead when no other can: available, but records are lost.',
  'leader.replication.throttled.replicas':
    'Which leaders hold to leader.replication.throttled.rate: partition:broker,…, or * for all.',
  'follower.replication.throttled.replicas':
    'Which followers hold to follower.replication.throttled.rate: partition:broker,…, or * for all.',
  'cleanup.policy': 'Whether old records are deleted, or only all but the newest of each key.',
  'min.cleanable.dirty.ratio':
    'Share of a log that must be new since its last cleaning before it is cleaned again.',
  'min.compaction.lag.ms': 'How long a record is safe from cleaning.',
  'max.compaction.lag.ms': 'How long a record may wait for cleaning.',
  'delete.retention.ms': 'How long a tombstone can still be read after the cleaner first met it.',
  'retention.ms': 'How long records are kept; −1 for ever.',
  'retention.bytes': 'How large a partition may grow; −1 for any size.',
  'segment.bytes': 'Size at which a log begins a new segment.',
  'segment.ms': 'Age, by record time, at which a log begins a new segment.',
  'max.message.bytes': 'The largest batch the topic takes.',
  'compression.type': 'How batches lie in the log; “producer” leaves them as they came.',
  'message.timestamp.type': 'Whether a record keeps its own timestamp or gets the broker’s.',
  'message.timestamp.after.max.ms': 'How far ahead of the broker’s clock a record’s timestamp may be.',
  'message.timestamp.before.max.ms': 'How far behind the broker’s clock a record’s timestamp may be.',
};
