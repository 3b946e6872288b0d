import { TableChange } from '../serdes/table-change.ts';
import type { SinkSpec } from '../topology/processor-topology.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { Processor } from './processor.ts';
import type { StreamRecord } from './stream-record.ts';

/** The end of a path: hands records to the producer. */
export class SinkProcessor implements Processor {
  private readonly spec: SinkSpec;
  private readonly staticTopic: string;
  private readonly output: { emit(record: OutgoingRecord): void };

  constructor(
    spec: SinkSpec,
    decorate: (topic: string) => string,
    output: { emit(record: OutgoingRecord): void },
  ) {
    this.spec = spec;
    this.staticTopic = spec.topic === undefined ? '' : decorate(spec.topic);
    this.output = output;
  }

  process(record: StreamRecord): void {
    const { key, timestamp, headers } = record;
    const { spec } = this;
    const carried = spec.carriesChanges === true;
    const value = carried ? new TableChange(record.value, record.oldValue, record.isLatest) : record.value;
    const topic = spec.topicOf === undefined ? this.staticTopic : spec.topicOf(key, value);
    const partition = spec.partitionOf?.(value);
    this.output.emit({
      topic,
      key,
      value,
      keySerde: spec.key,
      valueSerde: spec.value,
      timestamp,
      headers,
      partition,
    });
  }
}
