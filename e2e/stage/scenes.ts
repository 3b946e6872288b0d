import type { RecordsDetail } from '../../src/engine/api/detail.ts';
import type { Entity, EntityId, Packet } from '../../src/engine/api/frame.ts';
import { cutLink, lesson, longRun, type LessonMoment } from '../../src/ui/view-model/lesson.fixture.ts';
import { system, type SystemShape } from '../../src/ui/view-model/system.fixture.ts';
import { hangingTransaction } from '../../src/ui/view-model/transactions.fixture.ts';
import { clickstream } from '../../src/ui/view-model/clickstream.fixture.ts';

export interface Scene {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly packets: readonly Packet[];
  readonly records: RecordsDetail | null;
  readonly focusPartition: EntityId | null;
  readonly rung: 'partition' | 'topology';
  readonly at: number;
}

const SMALL: SystemShape = {
  brokers: 3,
  topics: { clicks: 3 },
  producers: ['clicks'],
  groups: [],
  applications: [],
};
const group = (name: string, topic: string, members: number): SystemShape['groups'][number] => ({
  name,
  topic,
  members,
});

/** The leader of every other partition that is read is dead and still named. */
const unanswered = (entities: Map<string, Entity>): Map<string, Entity> =>
  new Map(
    [...entities].map(([id, entity]) => [
      id,
      entity.kind === 'group'
        ? {
            ...entity,
            partitions: entity.partitions.map((p, i) =>
              i % 2 === 0 ? { ...p, end: -1, lag: 0, lagMs: 0 } : p,
            ),
          }
        : entity,
    ]),
  );

const LOOMS: Readonly<Record<string, () => Map<string, Entity>>> = {
  calm: () => clickstream(),
  empty: () => new Map(),
  lonely: () => system({ ...SMALL, producers: [] }),
  'one-group': () => system({ ...SMALL, groups: [group('dash', 'clicks', 2)] }),
  'three-groups': () =>
    system({
      ...SMALL,
      groups: [
        group('dash', 'clicks', 2),
        group('audit-of-everything', 'clicks', 4),
        group('late', 'clicks', 1),
      ],
    }),
  join: () =>
    system({
      ...SMALL,
      topics: { orders: 4, customers: 4, enriched: 4 },
      producers: ['orders', 'customers'],
      groups: [group('shop', 'enriched', 2)],
      applications: [
        { name: 'enrich', sources: ['orders', 'customers'], sinks: ['enriched'], stores: ['customers'] },
      ],
    }),
  branches: () =>
    system({
      ...SMALL,
      topics: { transfers: 2, postings: 2, refused: 2, balances: 2 },
      producers: ['transfers'],
      groups: [group('statements', 'balances', 1)],
      applications: [
        {
          name: 'book',
          sources: ['transfers'],
          sinks: ['postings', 'refused'],
          stores: ['seen', 'accounts'],
        },
        { name: 'add-up', sources: ['postings'], sinks: ['balances'], stores: ['balances'] },
      ],
    }),
  'b2-down': () => clickstream({ down: 2 }),
  unanswered: () => unanswered(clickstream({ down: 2 })),
  paused: () => clickstream({ paused: 3, fenced: 3 }),
  twelve: () => clickstream({ partitions: 12, brokers: 5, instances: 4, members: 5, producers: 3 }),
  hundred: () =>
    clickstream({ partitions: 100, brokers: 12, instances: 8, members: 10, producers: 4, down: 7, scale: 1 }),
  faults: () =>
    new Map([
      ...clickstream({ paused: 2, fenced: 3 }),
      ['link:b1~b2', cutLink('b1', 'b2')],
      ['link:p1~b3', cutLink('p1', 'b3')],
    ]),
  huge: () =>
    clickstream({ scale: 34_567, topic: 'production.orders.web-checkout-v2.enriched.events', down: 2 }),
};

const LESSONS: readonly LessonMoment[] = ['calm', 'crash', 'truncated'];

/** So many records before the end of the log. */
const HANGING = [1, 17, 60];

export const SCENES = [
  ...Object.keys(LOOMS),
  ...LESSONS.map((m) => `lesson-${m}`),
  'long-run',
  ...HANGING.map((n) => `hanging-${n}`),
];

/** Entities and the rest of a picture that is worth looking at. */
export function scene(name: string): Scene {
  if (name === 'long-run') return { ...longRun(), focusPartition: 'partition:clicks-0', rung: 'partition' };
  const hanging = HANGING.find((n) => `hanging-${n}` === name);
  if (hanging !== undefined)
    return { ...hangingTransaction(hanging), focusPartition: 'partition:clicks-0', rung: 'partition' };
  const moment = LESSONS.find((m) => `lesson-${m}` === name);
  if (moment !== undefined) {
    return { ...lesson(moment), focusPartition: 'partition:clicks-0', rung: 'partition' };
  }
  const entities = (LOOMS[name] ?? LOOMS.calm ?? (() => new Map<string, Entity>()))();
  return { entities, packets: [], records: null, focusPartition: null, rung: 'topology', at: 22_400_000 };
}
