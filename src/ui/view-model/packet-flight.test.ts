import { describe, expect, it } from 'vitest';
import type { Packet } from '../../engine/api/frame.ts';
import type { Picture } from './picture/figure.ts';
import { envelopes, flightTime, GLYPHS_MAX, paceOf, progress } from './packet-flight.ts';

const picture: Picture = {
  width: 100,
  height: 100,
  title: '',
  figures: [],
  ports: () => [
    { node: 'p1', partition: null, x: 0, y: 50 },
    { node: 'b1', partition: 'clicks-0', x: 50, y: 10 },
    { node: 'b1', partition: 'clicks-1', x: 50, y: 20 },
    { node: 'b1', partition: null, x: 50, y: 15 },
  ],
};
const packet = (id: number, more: Partial<Packet> = {}): Packet => ({
  id,
  from: 'p1',
  to: 'b1',
  sentAt: 1000,
  arrivesAt: 5000,
  api: 'Produce',
  response: false,
  sizeInBytes: 10,
  records: 3,
  partitions: ['clicks-1'],
  ...more,
});

describe('envelopes', () => {
  it('go to the row of the partition they are for, or to the machine', () => {
    const [produce, metadata] = envelopes([packet(1), packet(2, { partitions: [] })], picture);
    expect(produce?.to).toEqual([50, 20]);
    expect(metadata?.to).toEqual([50, 15]);
  });

  it('are not drawn when an end is not on the stage', () => {
    expect(envelopes([packet(1, { to: 'controller' })], picture)).toEqual([]);
  });

  it('become one for each way, with their number, when there are too many', () => {
    const many = Array.from({ length: GLYPHS_MAX + 5 }, (_, i) => packet(i, { response: i % 3 === 0 }));
    expect(envelopes(many, picture).map((e) => e.messages)).toEqual([15, 30]);
    expect(envelopes(many.slice(0, GLYPHS_MAX), picture).length).toBe(GLYPHS_MAX);
  });

  it('are seen for 160 to 900 ms, and stand at their true place when nothing may move', () => {
    expect(flightTime(packet(1), 1)).toBe(160);
    expect(flightTime(packet(1, { arrivesAt: 301_000 }), 1)).toBe(300);
    expect(flightTime(packet(1, { arrivesAt: 301_000 }), 0.1)).toBe(900);
    expect(progress(packet(1), 2000)).toBe(0.25);
  });

  it.each([
    [{ playing: true, speed: 1, reducedMotion: false }, 'flying'],
    [{ playing: true, speed: 16, reducedMotion: false }, 'none'],
    [{ playing: true, speed: 'max', reducedMotion: false }, 'none'],
    [{ playing: true, speed: 1, reducedMotion: true }, 'standing'],
    [{ playing: true, speed: 'event', reducedMotion: false }, 'standing'],
    [{ playing: false, speed: 16, reducedMotion: false }, 'standing'],
  ] as const)('with %j are %s', (input, pace) => {
    expect(paceOf(input)).toBe(pace);
  });
});
