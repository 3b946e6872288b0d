import type { GROUP_CONFIG } from '../group-config.ts';

/** What a person sees change, by key: one sentence. */
export const GROUP_EFFECTS: Readonly<Record<keyof typeof GROUP_CONFIG, string>> = {
  'consumer.session.timeout.ms':
    'How long a member of the consumer protocol may be silent before it is taken out of the group.',
  'consumer.heartbeat.interval.ms':
    'How often members of the consumer protocol are told to send a heartbeat.',
  'consumer.assignment.interval.ms': 'How long the group keeps an assignment before the next is computed.',
  'share.session.timeout.ms':
    'How long a member of the share group may be silent before it is taken out of the group.',
  'share.heartbeat.interval.ms': 'How often members of the share group are told to send a heartbeat.',
  'share.assignment.interval.ms': 'How long the share group keeps an assignment before the next is computed.',
  'share.record.lock.duration.ms': 'How long a member may have a record before others get it.',
  'share.delivery.count.limit':
    'How often the group is given a record that nobody acknowledges, before it is left out.',
  'share.partition.max.record.locks': 'How many records of a partition the group may have under way.',
  'share.auto.offset.reset':
    'Where the group begins in a partition that it has not read yet: what comes next, the first record, or records of the last while.',
  'share.isolation.level':
    'Whether the group gets what transactions wrote only once they are committed, or all that is written.',
  'share.renew.acknowledge.enable': 'Whether members may renew the locks of records that they work on.',
};
