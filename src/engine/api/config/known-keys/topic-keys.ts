/** Keys of topics. */
export const TOPIC_KEYS = `
compression.gzip.level INT -1 !gzip-level
compression.lz4.level INT 9 1..17
compression.zstd.level INT 3 -131072..22
errors.deadletterqueue.group.enable BOOLEAN false
file.delete.delay.ms LONG 60000 0..
flush.messages LONG 9223372036854775807 1..
flush.ms LONG 9223372036854775807 0..
index.interval.bytes INT 4096 0..
internal.segment.bytes INT -
local.retention.bytes LONG -2 -2..
local.retention.ms LONG -2 -2..
max.decompressed.message.bytes INT 2147483639 1..2147483639
preallocate BOOLEAN false
remote.copy.lag.bytes LONG -1 -1..
remote.copy.lag.ms LONG 0 -1..
remote.log.copy.disable BOOLEAN false
remote.log.delete.on.disable BOOLEAN false
remote.storage.enable BOOLEAN false
segment.index.bytes INT 10485760 4..
segment.jitter.ms LONG 0 0..
`;
