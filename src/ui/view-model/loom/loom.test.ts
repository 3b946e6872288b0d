import { describe, expect, it } from 'vitest';
import type { Entity } from '../../../engine/api/frame.ts';
import type { GroupEntity } from '../../../engine/api/entities/group.ts';
import { clickstream, type ClickstreamShape } from '../clickstream.fixture.ts';
import { cutLink } from '../lesson.fixture.ts';
import type { Figure, Picture } from '../picture/figure.ts';
import { boxesOf } from '../picture/pointing.ts';
import { textWidth } from '../picture/text-width.ts';
import { LATER_PARTS } from './later-parts.ts';
import { acrossPicture } from './across.ts';
import type { LoomInput } from './context.ts';
import { LoomMemory, loomPicture } from './loom.ts';
import { turnedPicture } from './turned.ts';

const WAYS = { across: acrossPicture, turned: turnedPicture };

const WIDE = { width: 1064, height: 536, turned: false };
const PHONE = { width: 390, height: 600, turned: true };

function paint(
  entities: ReadonlyMap<string, Entity>,
  more: Partial<LoomInput> = {},
  memory = new LoomMemory(WAYS, LATER_PARTS),
): Picture {
  return loomPicture({ entities, selection: null, at: 22_400_000, ...WIDE, ...more }, memory);
}

const words = (figures: readonly Figure[]): string[] =>
  figures.flatMap((f) => f.marks.flatMap((m) => (m.tag === 'text' ? [m.text] : [])));
const named = (picture: Picture, key: string): Figure | undefined =>
  picture.figures.find((f) => f.key === key);
const entitiesOf = (picture: Picture): Set<string> => new Set(picture.figures.flatMap((f) => f.entity ?? []));

const DOWN: Partial<ClickstreamShape> = { down: 2 };

describe.each([
  ['wide', WIDE],
  ['phone', PHONE],
])('the loom, %s', (_, size) => {
  it.each([{ down: 2 }, { partitions: 100, brokers: 12, instances: 8, members: 10 }])(
    'can select every machine, partition of a shown topic, task and group of %j',
    (shape) => {
      const entities = clickstream(shape);
      const shown = entitiesOf(paint(entities, size));
      const wanted = [...entities.values()].filter(
        (e) =>
          (e.kind === 'node' && e.role !== 'controller' && e.role !== 'producer') ||
          e.kind === 'producer' ||
          e.kind === 'task' ||
          (e.kind === 'partition' && (size === WIDE || !e.topic.endsWith('-repartition'))),
      );
      expect(wanted.filter((e) => !shown.has(e.id)).map((e) => e.id)).toEqual([]);
    },
  );

  it('says DOWN, PAUSED and FENCED in words', () => {
    const status = words(paint(clickstream({ brokers: 5, down: 1, paused: 2, fenced: 3 }), size).figures);
    expect(status).toEqual(expect.arrayContaining(['DOWN', 'PAUSED', 'FENCED']));
  });

  it('says what is wrong with links and the controller, which have no place in the picture', () => {
    const entities = clickstream();
    entities.set('link:b1~b2', cutLink('b1', 'b2'));
    const controller = entities.get('controller');
    if (controller?.kind === 'node') entities.set('controller', { ...controller, status: 'down' });
    const picture = paint(entities, size);
    expect(words(picture.figures)).toEqual(expect.arrayContaining(['B1–B2 CUT, 3 held', 'controller DOWN']));
    expect(entitiesOf(picture)).toContain('link:b1~b2');
  });

  it('gives back the same figures while nothing changes', () => {
    const memory = new LoomMemory(WAYS, LATER_PARTS);
    const entities = clickstream(DOWN);
    const before = paint(entities, size, memory);
    const after = paint(new Map(entities), { ...size, at: 22_500_000 }, memory);
    expect(after.figures.filter((f, i) => f !== before.figures[i]).map((f) => f.key)).toEqual([]);
  });
});

describe('the loom', () => {
  it('renews only what depends on the entity that changed', () => {
    const memory = new LoomMemory(WAYS, LATER_PARTS);
    const entities = clickstream(DOWN);
    const before = new Set(paint(entities, {}, memory).figures);
    const dash = entities.get('group:dash') as GroupEntity;
    const [first, ...rest] = dash.partitions;
    if (first === undefined) throw new Error('dash reads nothing');
    entities.set(dash.id, {
      ...dash,
      partitions: [{ ...first, position: first.position - 5, lag: first.lag + 5 }, ...rest],
    });
    const renewed = paint(entities, {}, memory).figures.filter((f) => !before.has(f));
    expect(renewed.map((f) => f.key).sort()).toEqual(['lag:group:dash:0', 'sums']);
  });

  it('keeps broker columns in place and moves the flag when leadership moves', () => {
    const calm = paint(clickstream());
    const failed = paint(clickstream(DOWN));
    for (const b of ['b1', 'b2', 'b3']) {
      expect(named(failed, `machine:topic:clicks:${b}`)?.box).toEqual(
        named(calm, `machine:topic:clicks:${b}`)?.box,
      );
    }
    const flag = 'flag:partition:clicks-1';
    expect(named(failed, flag)?.at?.[1]).toBe(named(calm, flag)?.at?.[1]);
    expect(named(failed, flag)?.at?.[0]).not.toBe(named(calm, flag)?.at?.[0]);
  });

  it('says the lag as a number, with age and trend from a hundred unread on', () => {
    const picture = paint(clickstream(DOWN));
    const lag = (row: number): string[] =>
      words([named(picture, `lag:application:views/0:${row}`) as Figure]);
    expect(lag(0)).toEqual(['15']);
    expect(lag(1)).toEqual(['265', '5.6 s, \u221237 /s']);
  });

  it('sums what is not read yet below the topic where it waits', () => {
    const sums = words([named(paint(clickstream(DOWN)), 'sums') as Figure]);
    expect(sums.slice(sums.indexOf('not read yet') + 1)).toEqual([
      '389',
      '36',
      '562',
      'held in memory',
      '18 queued',
      '36 queued',
    ]);
  });

  it('shows the replicas of the topic that was selected last', () => {
    const memory = new LoomMemory(WAYS, LATER_PARTS);
    const entities = clickstream();
    const expanded = (picture: Picture): string[] =>
      picture.figures.flatMap((f) => /^machine:topic:(.*):b1$/.exec(f.key)?.[1] ?? []);
    expect(expanded(paint(entities, {}, memory))).toEqual(['clicks']);
    expect(expanded(paint(entities, { selection: 'partition:views-per-minute-2' }, memory))).toEqual([
      'views-per-minute',
    ]);
    expect(expanded(paint(entities, { selection: 'b1' }, memory))).toEqual(['views-per-minute']);
  });

  it('fits the usual system into the stage of a small window without scrolling', () => {
    for (const width of [672, 800, 976, 1064])
      expect(paint(clickstream(DOWN), { width, height: 458 }).width).toBe(width);
  });

  it('squeezes twelve brokers with a hundred partitions into it too', () => {
    const shape = { partitions: 100, brokers: 12, instances: 8, members: 10, producers: 4 };
    expect(paint(clickstream(shape), { width: 672, height: 458 }).width).toBe(672);
  });

  it('with a hundred partitions draws bars, counts what is not in order, and repeats the worst row in full', () => {
    const picture = paint(clickstream({ partitions: 100, brokers: 12, instances: 8, members: 10, down: 7 }));
    const said = words(picture.figures);
    expect(said).toContain('p37 in full');
    expect(said.some((w) => /^24 lack a copy, 8 led away from home$/.test(w))).toBe(true);
    const rows = picture.figures.filter((f) => f.key.startsWith('row:partition:clicks-'));
    expect(rows.length).toBe(100);
    expect(new Set(rows.map((f) => f.box?.y)).size).toBe(100);
  });

  it('marks a task that nobody has, and a partition without a leader', () => {
    const entities = clickstream();
    const task = entities.get('task:views/0_3');
    if (task?.kind === 'task') entities.set(task.id, { ...task, instance: '', state: 'unassigned' });
    const partition = entities.get('partition:clicks-2');
    if (partition?.kind === 'partition') entities.set(partition.id, { ...partition, leader: -1, isr: [] });
    const picture = paint(entities);
    expect(named(picture, 'card:application:views/0:3')?.marks[0]?.classes).toContain('ghost');
    expect(named(picture, 'flag:partition:clicks-2')).toBeUndefined();
    expect(words([named(picture, 'row:partition:clicks-2') as Figure])).toContain('no leader');
  });
});

describe('an instance that is down', () => {
  const entities = clickstream();
  for (const e of clickstream().values()) {
    if (e.kind === 'node' && e.id === 'views-2') entities.set(e.id, { ...e, status: 'down' });
    if (e.kind === 'task' && e.instance === 'views-2') entities.set(e.id, { ...e, instance: '' });
  }

  it.each([
    ['wide', WIDE],
    ['narrow', { ...WIDE, width: 672, height: 430 }],
    ['phone', PHONE],
  ])('keeps the tasks that nobody does in its own frame, %s', (_, size) => {
    const picture = paint(entities, size);
    const frameOf = (station: string) =>
      (named(picture, `machine:${station}:views-2`) ?? named(picture, `band:${station}:views-2`))?.outline;
    const cards = picture.figures.filter((f) => f.key.startsWith('card:') && f.label.includes('on no'));
    expect(cards).toHaveLength(6);
    for (const { key, box } of cards) {
      const frame = frameOf(key.slice('card:'.length, key.lastIndexOf(':')));
      if (box === null || !frame) throw new Error(`${key} has no place`);
      expect(box.x).toBeGreaterThanOrEqual(frame.x);
      expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width);
      expect(box.y).toBeGreaterThanOrEqual(frame.y);
      expect(box.y + box.height).toBeLessThanOrEqual(frame.y + frame.height);
    }
  });

  it('says DOWN clear of the store below it', () => {
    const { figures } = paint(entities);
    const lineOf = (wanted: string) =>
      figures.flatMap((f) => f.marks).find((m) => m.tag === 'text' && m.text === wanted);
    const [down, counts] = [lineOf('DOWN'), lineOf('counts')];
    if (down?.tag !== 'text' || counts?.tag !== 'text') throw new Error('a word is missing');
    expect(counts.y - down.y).toBeGreaterThanOrEqual(14);
  });
});

it('keeps what brokers lead apart, however narrow they stand', () => {
  for (let width = 600; width <= 1400; width += 20) {
    const names = named(paint(clickstream(), { width }), 'names:topic:clicks')?.marks ?? [];
    const led = names.flatMap((m) => (m.tag === 'text' && /led|leads/.test(m.text) ? [m] : []));
    led.slice(1).forEach((m, i) => {
      const before = led[i];
      const apart = m.x - (before?.x ?? 0) - textWidth(m.text, m.classes);
      expect(apart, `${m.text} at ${width}`).toBeGreaterThanOrEqual(7.9);
    });
  }
});

it.each([
  ['wide', WIDE],
  ['low', { ...WIDE, width: 672, height: 430 }],
])('outlines an application without touching the stage’s edge or its own words, %s', (_, size) => {
  const picture = paint(clickstream(), size);
  const boxes = boxesOf(picture, 'application:views');
  expect(boxes).toHaveLength(3);
  for (const { y } of boxes) expect(y - 4).toBeGreaterThanOrEqual(1);
  const bracket = named(picture, 'bracket:application:views')?.outline;
  const sub = picture.figures
    .flatMap((f) => f.marks)
    .find((m) => m.tag === 'text' && m.text === 'per minute');
  if (!bracket || sub?.tag !== 'text') throw new Error('nothing to compare');
  expect(bracket.y - 8).toBeGreaterThanOrEqual(sub.y + 3);
});

it('lets envelopes leave a producer beside its words, on a phone', () => {
  const picture = paint(clickstream(), PHONE);
  const port = picture.ports().find((p) => p.node === 'p1');
  const words = picture.figures
    .flatMap((f) => f.marks)
    .filter((m) => m.tag === 'text' && ['buffered', 'in flight', 'acked'].includes(m.text));
  expect(words).toHaveLength(3);
  for (const m of words)
    if (m.tag === 'text') expect(port?.x).toBeGreaterThan(m.x + textWidth(m.text, m.classes) / 2 + 9);
});
