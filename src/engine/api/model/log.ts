import { absent, modelled, simplified, type ModelArea } from './model-entry.ts';

export const LOG: ModelArea = {
  name: 'The log',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled(
      'Append, offsets, validation of batches, roll of segments by size and record time',
      '`UnifiedLog`, `LogValidator`, `LogSegment`',
    ),
    simplified(
      'Record batches of format 2',
      '`DefaultRecordBatch`',
      'Batches have the size that they would have uncompressed and carry no checksum; which codec was chosen is only remembered.',
    ),
    absent('Message formats 0 and 1', 'KIP-724', 'Such batches are refused, as Kafka 4 does.'),
    simplified(
      'Indexes by offset and time',
      '`OffsetIndex`, `TimeIndex`',
      'A search in the batches stands for both; no segment rolls because an index is full.',
    ),
    modelled('Leader epochs, and truncation by them', 'KIP-101, KIP-279, `LeaderEpochFileCache`'),
    modelled('Retention by time, by size and by log start', '`UnifiedLog.deleteOldSegments`'),
    simplified(
      'Deletion of files',
      '`file.delete.delay.ms`',
      'What is deleted is gone from the disk at once.',
    ),
    simplified(
      'Compaction, tombstones and their delete horizon, transaction markers in cleaned logs',
      'KIP-534, `LogCleaner`, `Cleaner`',
      'One thread cleans, and a pass replaces all its segments at one moment.',
    ),
    modelled('What is flushed, and what a loss of power takes', '`LogManager`, Linux write-back after 30 s'),
    modelled(
      'Recovery from the batches, snapshots of producers, checkpoints of high watermark and log start',
      '`LogLoader`, `ProducerStateManager`',
    ),
    absent('Tiered storage', 'KIP-405', 'All segments are on the disks of brokers.'),
  ],
};
