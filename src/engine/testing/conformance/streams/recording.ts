import type { StoreChange } from '../../../streams/state-stores/store.ts';
import { changeJson, isInternal, outgoingJson } from '../../../streams/test-driver/record-json.ts';
import type { DriverListener } from '../../../streams/test-driver/topology-test-driver.ts';
import type { OutgoingRecord } from '../../../streams/task/outgoing-record.ts';
import type { BuiltTopology } from '../../../streams/topology/build-topology.ts';
import type { Json, JsonObject } from '../case-file.ts';

type Records = Record<string, Json[]>;

/** Writes down what a driver produces, as cases write it: per topic, in order. */
export class Recording implements DriverListener {
  private readonly produced_: OutgoingRecord[] = [];
  private readonly changes: (readonly [StoreChange, string])[] = [];
  private taken = 0;

  produced(record: OutgoingRecord): void {
    this.produced_.push(record);
  }

  changelog(change: StoreChange, topic: string): void {
    this.changes.push([change, topic]);
  }

  /** What was produced since the last call on topics that are not internal. */
  takeOutputs(topology: BuiltTopology): JsonObject {
    const outputs: Records = {};
    for (const record of this.produced_.slice(this.taken))
      if (!isInternal(topology, record.topic)) append(outputs, record.topic, outgoingJson(record));
    this.taken = this.produced_.length;
    return outputs;
  }

  /** Everything on changelog and repartition topics. */
  internal(topology: BuiltTopology): JsonObject {
    const internal: Records = {};
    for (const record of this.produced_)
      if (isInternal(topology, record.topic)) append(internal, record.topic, outgoingJson(record));
    for (const [change, topic] of this.changes) append(internal, topic, changeJson(change));
    return internal;
  }
}

function append(records: Records, topic: string, record: Json): void {
  (records[topic] ??= []).push(record);
}
