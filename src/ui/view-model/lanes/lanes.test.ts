import { describe, expect, it } from 'vitest';
import type { RecordsDetail } from '../../../engine/api/detail.ts';
import type { Entity } from '../../../engine/api/frame.ts';
import { cellsOf, cutLink, lesson, type LessonMoment } from '../lesson.fixture.ts';
import type { Picture } from '../picture/figure.ts';
import { KeyLetters } from './keys.ts';
import { LanesPainter, type LanesInput } from './lanes.ts';
import { epochBands } from './model.ts';

const inputOf = (moment: LessonMoment, more: Partial<LanesInput> = {}): LanesInput => ({
  ...lesson(moment),
  focusPartition: 'partition:clicks-0',
  width: 800,
  height: 536,
  phone: false,
  ...more,
});

const words = (picture: Picture, key = ''): string[] =>
  picture.figures
    .filter((f) => f.key.startsWith(key))
    .flatMap((f) => f.marks.flatMap((m) => (m.tag === 'text' ? [m.text] : [])));
const keys = (picture: Picture, prefix: string): string[] =>
  picture.figures.filter((f) => f.key.startsWith(prefix)).map((f) => f.key.slice(prefix.length));

describe('the lanes of a partition', () => {
  it('draws what a truncation took where it stood, without having seen it there', () => {
    const ghosts = (moment: LessonMoment): string[] =>
      words(new LanesPainter().paint(inputOf(moment)), 'ghosts:1');
    expect(ghosts('truncated')).toEqual(['B', 'A', 'truncated, 2']);
    expect(ghosts('crash')).toEqual([]);
  });

  it('marks who may lead without loss although it is not in sync', () => {
    const input = inputOf('crash');
    const partition = input.entities.get('partition:clicks-0');
    if (partition?.kind !== 'partition') throw new Error('the lesson has no partition');
    const entities = new Map(input.entities).set(partition.id, { ...partition, isr: [1], elr: [3] });
    expect(words(new LanesPainter().paint({ ...input, entities }), 'elr')).toEqual(['ELR']);
    expect(words(new LanesPainter().paint(input), 'elr')).toEqual([]);
  });

  it('draws a cell for each record of each replica, and hatch only between high watermark and log end', () => {
    const picture = new LanesPainter().paint(inputOf('truncated'));
    expect(keys(picture, 'cell:').length).toBe(5 + 8 + 7);
    const hatched = (b: number): boolean =>
      picture.figures.some((f) => f.key === `lane:${b}` && f.marks.some((m) => m.classes === 'hatched'));
    expect([1, 2, 3].map(hatched)).toEqual([false, true, false]);
  });

  it('puts the high watermark, the committed offset and the position on boundaries between cells', () => {
    const picture = new LanesPainter().paint(inputOf('truncated'));
    const cell = picture.figures.find((f) => f.key === 'cell:2:7')?.marks[0];
    const rule = picture.figures.find((f) => f.key === 'watermark')?.marks[0];
    if (cell?.tag !== 'rect' || rule?.tag !== 'path') throw new Error('no cell, or no rule');
    const x = Number(/^M([\d.]+)/.exec(rule.d)?.[1]);
    expect(cell.x - x).toBeCloseTo(3);
    expect(words(picture, 'reader:')).toEqual(
      expect.arrayContaining(['committed 6', 'position 7', 'lag 1, 0.29 s']),
    );
  });

  it('says who leads, who is down, what is behind, and why nothing goes through', () => {
    const crash = words(new LanesPainter().paint(inputOf('crash')));
    expect(crash).toEqual(expect.arrayContaining(['DOWN', 'L ep 3', 'LEO 7', '2 behind', 'closed', 'HW 5']));
    const { entities } = lesson('calm');
    const cut = new Map<string, Entity>([...entities, ['link:p1~b1', cutLink('p1', 'b1')]]);
    expect(words(new LanesPainter().paint(inputOf('calm', { entities: cut })))).toContain('CUT');
  });

  it('moves its window in jumps, so that records stay where they are while others arrive', () => {
    const painter = new LanesPainter();
    const at = (end: number): string | undefined => {
      const records: RecordsDetail = {
        what: 'records',
        id: 'partition:clicks-0',
        replicas: [1, 2, 3].map((broker) => ({
          broker,
          cells: cellsOf('ABCD'.repeat(20).slice(0, end), false).slice(-40),
          cut: [],
        })),
      };
      const partition = lesson('calm').entities.get('partition:clicks-0');
      if (partition?.kind !== 'partition') throw new Error('no partition');
      const states = partition.states.map((s) => ({ ...s, logEnd: end, highWatermark: end }));
      const entities = new Map([
        ...lesson('calm').entities,
        [partition.id, { ...partition, states }] as const,
      ]);
      return keys(painter.paint(inputOf('calm', { entities, records, at: end })), 'cell:1:')[0];
    };
    const firsts = [40, 41, 42, 43, 44, 45, 46, 47].map(at);
    expect(new Set(firsts).size).toBe(2);
    expect(Number(firsts.at(-1)) - Number(firsts[0])).toBe(4);
  });

  it.each([1, 2, 3])('keeps the word ISR off the arrows to and from B%i', (leader) => {
    const { entities, ...input } = inputOf('calm');
    const partition = entities.get('partition:clicks-0');
    if (partition?.kind !== 'partition') throw new Error('no partition');
    const changed = new Map(entities).set(partition.id, { ...partition, leader });
    const { figures } = new LanesPainter().paint({ ...input, entities: changed });
    const marksOf = (prefix: string) =>
      figures.filter((f) => f.key.startsWith(prefix)).flatMap((f) => f.marks);
    const word = marksOf('isr').find((m) => m.tag === 'text');
    const ends = marksOf('link:').flatMap((m) =>
      m.tag === 'path' && m.d.includes('C') ? [Number(m.d.split(' ').at(-1))] : [],
    );
    if (word?.tag !== 'text') throw new Error('no word');
    expect(ends).toHaveLength(2);
    for (const y of ends)
      expect(y < word.y - 10 || y > word.y + 3, `arrow at ${y}, word at ${word.y}`).toBe(true);
  });

  it('says so when there is no partition', () => {
    expect(words(new LanesPainter().paint(inputOf('calm', { entities: new Map() })))).toContain(
      'There is no partition yet.',
    );
  });
});

it('bands runs of one leader epoch', () => {
  expect(epochBands(cellsOf('ABACAAC', true))).toEqual([
    { epoch: 3, from: 0, to: 5 },
    { epoch: 4, from: 5, to: 7 },
  ]);
});

it('gives a key its own letter, others the next free hue, and from the eighth on two letters without hue', () => {
  const letters = new KeyLetters();
  expect(letters.markOf('B')).toEqual({ letters: 'B', hue: 'b' });
  const others = Array.from({ length: 7 }, (_, i) => letters.markOf(`user-${i + 10}`));
  expect(others.map((m) => m.hue)).toEqual(['a', 'c', 'd', 'e', 'f', 'g', null]);
  expect(others[6]?.letters).toBe('16');
  expect(letters.markOf('user-10')).toBe(others[0]);
  expect(letters.markOf(null).hue).toBeNull();
});
