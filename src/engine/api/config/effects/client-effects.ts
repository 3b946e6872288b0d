import type { PRODUCER_CONFIG, CONSUMER_CONFIG, STREAMS_CONFIG } from '../client-config.ts';

const connections = {
  'retry.backoff.ms': 'How long to wait before the first retry.',
  'retry.backoff.max.ms': 'How long to wait at most before a retry.',
  'metadata.max.age.ms': 'How old metadata may get before it is fetched anew.',
  'reconnect.backoff.ms': 'How long to wait before connecting again to a broker that did not answer.',
  'reconnect.backoff.max.ms': 'How long to wait at most before connecting again.',
  'socket.connection.setup.timeout.ms':
    'How long the handshake of a connection may take; longer after each that was in vain.',
  'socket.connection.setup.timeout.max.ms': 'How long such a handshake may take at most.',
  'connections.max.idle.ms': 'How long a connection stays open that nothing goes over.',
};

/** What a person sees change, by key: one sentence. */
export const PRODUCER_EFFECTS: Readonly<Record<keyof typeof PRODUCER_CONFIG, string>> = {
  acks: 'Whose word counts as an acknowledgement: nobody’s (0), the leader’s (1), all replicas’ in sync (all).',
  'enable.idempotence': 'Whether the broker recognises and drops a batch that it already has.',
  'linger.ms': 'How long a batch waits for more records.',
  'batch.size': 'Size at which a batch is sent without waiting.',
  'buffer.memory': 'How much may wait in the producer.',
  'max.block.ms': 'How long send() waits for space or metadata.',
  'max.request.size': 'The largest request.',
  'max.in.flight.requests.per.connection': 'How many requests may be under way to one broker.',
  retries: 'How often a batch is sent again after a retriable error.',
  'delivery.timeout.ms': 'How long a record may take from send() to its outcome.',
  'request.timeout.ms': 'How long to wait for an answer to one request.',
  'transactional.id':
    'A name under which records count in transactions or not at all, and under which only the newest producer may write.',
  'transaction.timeout.ms': 'How long a transaction may be open before its coordinator aborts it.',
  'partitioner.ignore.keys': 'Whether records are spread without regard to their key.',
  'partitioner.adaptive.partitioning.enable':
    'Whether partitions of slow brokers get fewer records without key.',
  'partitioner.availability.timeout.ms':
    'How long a broker may leave a batch waiting before its partitions are avoided; 0 for never.',
  'partitioner.rack.aware':
    'Whether records without key go to partitions led in the producer’s own rack, as long as there are any.',
  'client.rack': 'Where the producer runs.',
  ...connections,
};

/** What a person sees change, by key: one sentence. */
export const CONSUMER_EFFECTS: Readonly<Record<keyof typeof CONSUMER_CONFIG, string>> = {
  'auto.offset.reset': 'Where to begin without a committed offset.',
  'enable.auto.commit': 'Whether positions are committed in the background.',
  'auto.commit.interval.ms': 'How often positions are committed in the background.',
  'group.protocol':
    'Who shares the partitions out: the consumer that leads the group (classic), or its coordinator (consumer).',
  'group.remote.assignor':
    'How the group’s coordinator shares the partitions out, where the consumer protocol is spoken.',
  'partition.assignment.strategy':
    'How the group’s leader shares the partitions out, by the first that all members have.',
  'session.timeout.ms': 'How long a member may be silent before it is taken out of the group.',
  'heartbeat.interval.ms': 'How often a member shows that it lives.',
  'max.poll.interval.ms': 'How long a member may work between two polls before it leaves the group.',
  'max.poll.records': 'How many records one poll returns.',
  'client.rack':
    'Where the consumer runs: it reads from a replica there if brokers choose by rack, and its group shares out by rack.',
  'fetch.min.bytes': 'How much must be new before the broker answers a fetch early.',
  'fetch.max.wait.ms': 'How long the broker may hold a fetch when there is too little.',
  'fetch.max.bytes': 'The most one fetch returns.',
  'max.partition.fetch.bytes': 'The most one fetch returns of one partition.',
  'isolation.level': 'Whether records of open and aborted transactions are read.',
  'exclude.internal.topics':
    'Whether a group that reads by a pattern passes over the topics of Kafka itself, which coordinators never count.',
  'allow.auto.create.topics':
    'Whether subscribing to a topic that does not exist makes it, if brokers have auto.create.topics.enable.',
  'group.instance.id': 'A name that makes the member static: it may restart without a rebalance.',
  'request.timeout.ms': 'How long to wait for an answer to one request.',
  'default.api.timeout.ms': 'How long a blocking call such as commitSync may take.',
  ...connections,
};

/** What a person sees change, by key: one sentence. */
export const STREAMS_EFFECTS: Readonly<Record<keyof typeof STREAMS_CONFIG, string>> = {
  'processing.guarantee': 'What a crash may do to the counts.',
  'commit.interval.ms': 'How often an instance flushes its stores and commits its offsets.',
  'poll.ms': 'How long one poll waits for input.',
  'max.task.idle.ms': 'How long a task waits for an empty input before it goes on without it.',
  'buffered.records.per.partition': 'How many records may wait in a task for each partition.',
  'statestore.cache.max.bytes':
    'How much may be held back in caches so that only the newest value of a key goes on.',
  'num.stream.threads': 'How many threads an instance begins with; its tasks are shared out among them.',
  'num.standby.replicas': 'How many other instances keep a copy of each task’s stores.',
  'acceptable.recovery.lag':
    'How many changelog records a copy may be behind and still take the task over at once.',
  'max.warmup.replicas': 'How many copies at most are made ready at a time for tasks that are to move.',
  'probing.rebalance.interval.ms': 'How often the group looks whether such copies have caught up.',
  'windowstore.changelog.additional.retention.ms':
    'How much longer than its window’s store a changelog keeps records, by their own time.',
  'default.timestamp.extractor': 'Where a record’s time comes from, and what becomes of one before 1970.',
  'deserialization.exception.handler':
    'Whether a record that cannot be read ends the thread or is passed over.',
  'processing.exception.handler':
    'Whether a record that an operator fails at ends the thread or is passed over.',
  'errors.dead.letter.queue.topic.name': 'The topic that records go to that could not be read or processed.',
  'topology.optimization': 'Whether source topics serve as changelogs, and repartition topics are merged.',
  'ensure.explicit.internal.resource.naming':
    'Whether stores and internal topics without a name are refused.',
  'dsl.store.suppliers.class': 'Where stores are kept that do not say it themselves.',
  'replication.factor': 'Copies of the internal topics; −1 for the brokers’ default.',
  'repartition.purge.interval.ms': 'How often read records of repartition topics are deleted.',
  'group.instance.id':
    'A name that makes the instance’s threads static members: they may restart without a rebalance.',
  'session.timeout.ms': 'How long an instance may be silent before its tasks go to others.',
  'heartbeat.interval.ms': 'How often an instance shows that it lives.',
  'max.poll.interval.ms': 'How long an instance may work between two polls.',
  'max.poll.records': 'How many records one poll returns.',
};
