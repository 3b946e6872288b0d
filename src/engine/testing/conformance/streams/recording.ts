import { changelogHeaders, changelogKey, changelogValue } from '../../../streams/state-stores/changelog.ts';
import type { StoreChange, StoreKind } from '../../../streams/state-stores/store.ts';
import type { DriverListener } from '../../../streams/test-driver/topology-test-driver.ts';
import type { OutgoingRecord } from '../../../streams/task/outgoing-record.ts';
import type { BuiltTopology } from '../../../streams/topology/build-topology.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { headersJson, hexOf, jsonOf } from './values.ts';

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

const isInternal = (topology: BuiltTopology, topic: string): boolean =>
  topology.repartitionTopics.some(({ name }) => name === topic);

function append(records: Records, topic: string, record: Json): void {
  (records[topic] ??= []).push(record);
}

function outgoingJson({ key, value, keySerde, valueSerde, timestamp, headers }: OutgoingRecord): Json {
  const isBytes = keySerde.name === 'bytes';
  const isPayload = valueSerde.name === 'bytes' || valueSerde.name.startsWith('subscription');
  return {
    key: isBytes ? hexOf(key as string | null) : jsonOf(key),
    value: isPayload ? hexOf(value === null ? null : valueSerde.serialize(value)) : jsonOf(value),
    ts: timestamp,
    ...(headers.length === 0 ? {} : { headers: headersJson(headers) }),
  };
}

/** Stores whose changelog has a layout of its own: cases show the bytes. */
const OWN_LAYOUT: ReadonlySet<StoreKind> = new Set(['suppressBuffer', 'graceBuffer', 'outerJoinBuffer', 'subscription']);

function changeJson(change: StoreChange): Json {
  const { key, start, end, sequence, value, timestamp, store } = change;
  if (OWN_LAYOUT.has(store.kind)) return payloadJson(change);
  switch (store.kind) {
    case 'window':
    case 'timestampedWindow': {
      const seq = sequence > 0 ? { seq: sequence } : {};
      return { key: jsonOf(key), start, ...seq, value: jsonOf(value), ts: timestamp, ...headersOfChange(change) };
    }
    case 'session':
      return { key: jsonOf(key), start, end, value: jsonOf(value), ts: timestamp };
    default:
      return { key: jsonOf(key), value: jsonOf(value), ts: timestamp };
  }
}

function payloadJson(change: StoreChange): Json {
  const { store, timestamp } = change;
  const key = changelogKey(change);
  const isPlainKey = store.kind === 'suppressBuffer' && !store.key.name.includes('indowed');
  return {
    key: isPlainKey ? jsonOf(store.key.deserialize(key)) : hexOf(key),
    value: hexOf(changelogValue(change)),
    ...(timestamp < 0 ? {} : { ts: timestamp }),
    ...headersOfChange(change),
  };
}

function headersOfChange(change: StoreChange): JsonObject {
  const headers = changelogHeaders(change);
  return headers.length === 0 ? {} : { headers: headersJson(headers) };
}
