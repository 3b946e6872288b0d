import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { AcknowledgementBatch } from '../../protocol/share-fetch.ts';
import { offsetsOf } from './acquired-records.ts';
import {
  ACKNOWLEDGE,
  type Acknowledgement,
  type AcknowledgeType,
  type ClientShareSession,
  type PlaceAcknowledgements,
  type ShareConsumer,
  type SharedPlace,
} from './share-consumer-state.ts';

/** Notes what is to be said to a broker. */
export function say(
  { unsaid }: ClientShareSession,
  place: SharedPlace,
  acknowledgements: readonly Acknowledgement[],
): void {
  if (acknowledgements.length === 0) return;
  const before = unsaid.get(place.name)?.acknowledgements ?? [];
  const all = Object.freeze([...before, ...acknowledgements]);
  unsaid.set(place.name, Object.freeze({ place, acknowledgements: all }));
}

/** What is yet to be said to a broker, which counts as said now. What else than a renewal is said takes its place. */
export function takeUnsaid(
  { unsaid }: ClientShareSession,
  isRenewal: boolean,
): readonly PlaceAcknowledgements[] {
  const said = [...unsaid.values()].flatMap(({ place, acknowledgements: all }) => {
    const acknowledgements = isRenewal ? all : all.filter(({ type }) => type !== ACKNOWLEDGE.RENEW);
    return acknowledgements.length === 0 ? [] : [Object.freeze({ place, acknowledgements })];
  });
  unsaid.clear();
  return Object.freeze(said);
}

/** As it travels: ascending, what neighbours and says the same in one. */
export function batchesOf({ acknowledgements }: PlaceAcknowledgements): AcknowledgementBatch[] {
  const batches: { firstOffset: number; lastOffset: number; acknowledgeTypes: [AcknowledgeType] }[] = [];
  for (const { first, last, type } of [...acknowledgements].sort((a, b) => a.first - b.first)) {
    const known = batches.at(-1);
    if (known?.acknowledgeTypes[0] === type && known.lastOffset === first - 1) known.lastOffset = last;
    else batches.push({ firstOffset: first, lastOffset: last, acknowledgeTypes: [type] });
  }
  return batches;
}

/** Tells the owner what came of what it said. Gaps are the consumer's own business. */
export function settle(
  consumer: ShareConsumer,
  { place, acknowledgements }: PlaceAcknowledgements,
  error: number,
): void {
  const owners = acknowledgements.filter(({ type }) => type !== ACKNOWLEDGE.GAP);
  if (owners.length === 0) return;
  const notice = { type: 'acknowledged', name: place.name, acknowledgements: owners, error } as const;
  consumer.notices.push(Object.freeze(notice));
}

/** What cannot be said any more, as the session is over in which the records were acquired. */
export function dropUnsaid(consumer: ShareConsumer, session: ClientShareSession): void {
  for (const lost of takeUnsaid(session, true))
    settle(consumer, lost, ERROR_CODES.INVALID_SHARE_SESSION_EPOCH);
}

/** The owner says something of records that the last poll() returned. What is not renewed is its no more. */
export function acknowledgeDelivered(
  consumer: ShareConsumer,
  { name, first, last, type }: Acknowledgement & { readonly name: string },
): void {
  for (const slice of consumer.delivered) {
    if (slice.place.name !== name) continue;
    const range = offsetsOf(slice);
    const part = { first: Math.max(first, range.first), last: Math.min(last, range.last), type };
    const session = consumer.sessions.get(slice.broker);
    if (part.first > part.last) continue;
    if (session === undefined)
      settle(consumer, { place: slice.place, acknowledgements: [part] }, ERROR_CODES.SHARE_SESSION_NOT_FOUND);
    else say(session, slice.place, [Object.freeze(part)]);
  }
}

/** All that the last poll() returned is accepted (`share.acknowledgement.mode` implicit). */
export function acceptDelivered(consumer: ShareConsumer): void {
  for (const slice of consumer.delivered) {
    const range = { ...offsetsOf(slice), type: ACKNOWLEDGE.ACCEPT };
    acknowledgeDelivered(consumer, { name: slice.place.name, ...range });
  }
}

/** The error that holds for all that was said, unless there is one of its own. */
export const errorOf = (
  errors: ReadonlyMap<string, number>,
  place: SharedPlace,
  otherwise: number,
): number => (otherwise === NONE ? (errors.get(`${place.topicId}/${place.partition}`) ?? NONE) : otherwise);
