/** Keys of single groups. */
export const GROUP_KEYS = `
consumer.assignor.offload.enable BOOLEAN true
errors.deadletterqueue.copy.record.enable BOOLEAN false
errors.deadletterqueue.topic.name STRING ""
share.assignor.offload.enable BOOLEAN true
streams.acceptable.recovery.lag LONG 10000 0..
streams.assignment.interval.ms INT 1000 0..
streams.assignor.name STRING -
streams.assignor.offload.enable BOOLEAN true
streams.heartbeat.interval.ms INT 5000 1..
streams.initial.rebalance.delay.ms INT 3000 0..
streams.num.standby.replicas INT 0 0..
streams.num.warmup.replicas INT 2 0..
streams.rack.aware.assignment.tags LIST []
streams.session.timeout.ms INT 45000 1..
streams.task.offset.interval.ms INT 60000 1..
`;
