import type { JsonObject } from '../../base/json.ts';
import { changelogHeaders, changelogKey, changelogValue } from '../state-stores/changelog.ts';
import type { StoreChange, StoreKind } from '../state-stores/store.ts';
import type { OutgoingRecord } from '../task/outgoing-record.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import { headersJson, hexOf, jsonOf } from './driver-values.ts';

/** Whether a topic belongs to the application itself. */
export const isInternal = (topology: BuiltTopology, topic: string): boolean =>
  topology.repartitionTopics.some(({ name }) => name === topic);

/** A produced record as JSON. */
export function outgoingJson({
  key,
  value,
  keySerde,
  valueSerde,
  timestamp,
  headers,
}: OutgoingRecord): JsonObject {
  const isBytes = keySerde.name === 'bytes';
  const isPayload = valueSerde.name === 'bytes' || valueSerde.name.startsWith('subscription');
  return {
    key: isBytes ? hexOf(key as string | null) : jsonOf(key),
    value: isPayload ? hexOf(value === null ? null : valueSerde.serialize(value)) : jsonOf(value),
    ts: timestamp,
    ...(headers.length === 0 ? {} : { headers: headersJson(headers) }),
  };
}

/** Stores whose changelog has a layout of its own: their bytes are shown. */
const OWN_LAYOUT: ReadonlySet<StoreKind> = new Set([
  'suppressBuffer',
  'graceBuffer',
  'outerJoinBuffer',
  'subscription',
]);

/** A record of a changelog as JSON. */
export function changeJson(change: StoreChange): JsonObject {
  const { key, start, end, sequence, value, timestamp, store } = change;
  if (OWN_LAYOUT.has(store.kind)) return payloadJson(change);
  switch (store.kind) {
    case 'window':
    case 'timestampedWindow': {
      const seq = sequence > 0 ? { seq: sequence } : {};
      return {
        key: jsonOf(key),
        start,
        ...seq,
        value: jsonOf(value),
        ts: timestamp,
        ...headersOfChange(change),
      };
    }
    case 'session':
      return { key: jsonOf(key), start, end, value: jsonOf(value), ts: timestamp };
    default:
      return { key: jsonOf(key), value: jsonOf(value), ts: timestamp };
  }
}

function payloadJson(change: StoreChange): JsonObject {
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
