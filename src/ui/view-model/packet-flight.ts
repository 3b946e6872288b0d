import type { Packet } from '../../engine/api/frame.ts';
import type { Picture, Port } from './picture/figure.ts';

/** Bytes in transit are seen between these limits, wall ms. */
export const FLIGHT_MIN = 160;
export const FLIGHT_MAX = 900;
/** Above it a race says more than envelopes. */
export const FASTEST_WITH_ENVELOPES = 8;
/** More messages than this are shown as one for each way, with their number. */
export const GLYPHS_MAX = 40;

/** A message, or several that go the same way. */
export interface Envelope {
  readonly id: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly response: boolean;
  readonly records: number;
  /** Messages in it. */
  readonly messages: number;
  readonly sentAt: number;
  readonly arrivesAt: number;
}

export type Pace = 'flying' | 'standing' | 'none';

/** Whether envelopes fly, stand at their true place, or are not drawn. */
export function paceOf(input: {
  playing: boolean;
  speed: number | 'event' | 'max';
  reducedMotion: boolean;
}): Pace {
  const { playing, speed, reducedMotion } = input;
  if (!playing || speed === 'event') return 'standing';
  if (speed === 'max' || speed > FASTEST_WITH_ENVELOPES) return 'none';
  return reducedMotion ? 'standing' : 'flying';
}

/** Wall ms that a flight takes on the screen. */
export function flightTime(envelope: Pick<Envelope, 'sentAt' | 'arrivesAt'>, speed: number): number {
  const wall = (envelope.arrivesAt - envelope.sentAt) / 1000 / speed;
  return Math.min(FLIGHT_MAX, Math.max(FLIGHT_MIN, wall));
}

/** How far on its way it is, 0 to 1. */
export function progress(envelope: Pick<Envelope, 'sentAt' | 'arrivesAt'>, at: number): number {
  const whole = envelope.arrivesAt - envelope.sentAt;
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (at - envelope.sentAt) / whole));
}

/** What can be drawn: messages between places that are on the stage, joined when there are too many. */
export function envelopes(packets: readonly Packet[], picture: Picture): Envelope[] {
  if (packets.length === 0) return [];
  const ports = new Map<string, Port[]>();
  for (const port of picture.ports()) ports.set(port.node, [...(ports.get(port.node) ?? []), port]);
  const single = packets.flatMap((p): Envelope[] => {
    const [from, to] = nearest(portsFor(ports.get(p.from), p), portsFor(ports.get(p.to), p));
    if (from === undefined || to === undefined) return [];
    const { id, response, records, sentAt, arrivesAt } = p;
    return [
      { id, from: [from.x, from.y], to: [to.x, to.y], response, records, messages: 1, sentAt, arrivesAt },
    ];
  });
  return single.length <= GLYPHS_MAX ? single : joined(single).slice(0, GLYPHS_MAX);
}

/** Places of a node that fit a message: its partition's rows before the machine as a whole. */
function portsFor(ports: readonly Port[] = [], packet: Packet): readonly Port[] {
  const rows = ports.filter((p) => p.partition !== null && packet.partitions.includes(p.partition));
  if (rows.length > 0) return rows;
  const whole = ports.filter((p) => p.partition === null);
  return whole.length > 0 ? whole : ports.slice(0, 1);
}

/** The two places that are nearest to each other; the first of equals. */
function nearest(from: readonly Port[], to: readonly Port[]): readonly [Port?, Port?] {
  let best: readonly [Port?, Port?] = [];
  let least = Infinity;
  for (const a of from)
    for (const b of to) {
      const far = Math.hypot(a.x - b.x, a.y - b.y);
      if (far < least - 0.5) {
        least = far;
        best = [a, b];
      }
    }
  return best;
}

function joined(single: readonly Envelope[]): Envelope[] {
  const ways = new Map<string, Envelope>();
  for (const e of single) {
    const way = `${e.from.join()} ${e.to.join()} ${e.response}`;
    const before = ways.get(way);
    const sum = before ? { messages: before.messages + 1, records: before.records + e.records } : null;
    ways.set(way, before && sum ? { ...before, ...sum } : e);
  }
  return [...ways.values()];
}
