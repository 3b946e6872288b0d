import { below, pick, prngStream, type PrngState } from '../../base/prng.ts';

/** What breaks brokers and links. */
const FAULTS = [
  'crash',
  'power-off',
  'shut-down',
  'pause',
  'cut',
  'one-way-cut',
  'slow',
  'aimed',
  'session-eviction',
  'isolated-leader',
  'late-isr',
  'disk-failure',
  'unregistered',
] as const;

/** What a run of the swarm may have. Each seed has its own part of it: what is left out changes what the rest does. */
export const FEATURES = [
  ...FAULTS,
  'controller-faults',
  'client-faults',
  // Parts.
  'three-controllers',
  'transactional-producer',
  'copiers',
  'classic-group',
  'cooperative-group',
  'consumer-group',
  'compaction',
  'retention',
  'application',
  // Settings.
  'no-idempotence',
  'small-batches',
  'one-in-flight',
  'impatient-leaders',
  'impatient-sessions',
  'impatient-producer',
  'manual-commits',
  'many-partitions',
  'preferred-leaders',
] as const;

/** Drawn apart from all others, so that a run without them is the run that it would be if there were none. */
const DRAWN_APART = ['crash-at-step', 'wiped-disk', 'share-group'] as const;

/** What goes with an application, each in every second run: how it processes, and on how many threads. */
type OfApplication = 'exactly-once' | 'two-threads';

export type Feature = (typeof FEATURES)[number] | (typeof DRAWN_APART)[number] | OfApplication;

export type Features = ReadonlySet<Feature>;

/**
 * The features of a seed: mostly each with the chance of a coin, in every tenth run one kind of fault alone, in every
 * tenth none at all. What costs most is drawn more seldom.
 */
export function featuresOf(seed: number): Features {
  const prng = prngStream(seed, 'swarm');
  const features = new Set<Feature>(FEATURES.filter((feature) => below(prng, 100) < chanceOf(feature)));
  const kind = below(prng, 10);
  if (kind === 0) keepFaults(features, []);
  if (kind === 1) keepFaults(features, [pick(prng, FAULTS)]);
  if (kind > 1 && !FAULTS.some((fault) => features.has(fault))) features.add(pick(prng, FAULTS));
  const settledFeatures = settled(prng, features);
  return kind > 1 ? withDrawnApart(seed, settledFeatures) : settledFeatures;
}

function withDrawnApart(seed: number, features: Features): Features {
  const prng = prngStream(seed, 'swarm/apart');
  const percent = features.has('application') ? 40 : 8;
  const drawn = DRAWN_APART.filter((feature) => below(prng, 100) < (feature === 'share-group' ? 2 : percent));
  // What is deleted before a share group has read it was never its own.
  const isKept = !features.has('retention') && !features.has('compaction');
  const threads = features.has('application') && below(prngStream(seed, 'swarm/threads'), 2) === 0;
  return new Set<Feature>([
    ...features,
    ...drawn.filter((feature) => feature !== 'share-group' || isKept),
    ...(threads ? (['two-threads'] as const) : []),
  ]);
}

/** Percent. */
function chanceOf(feature: Feature): number {
  switch (feature) {
    case 'application':
      return 6;
    case 'session-eviction':
    case 'isolated-leader':
    case 'late-isr':
    case 'disk-failure':
    case 'unregistered':
      return 15;
    case 'three-controllers':
    case 'copiers':
    case 'many-partitions':
    case 'compaction':
    case 'retention':
    case 'aimed':
    case 'impatient-producer':
    case 'preferred-leaders':
      return 25;
    case 'transactional-producer':
    case 'classic-group':
    case 'cooperative-group':
    case 'consumer-group':
      return 35;
    default:
      return 50;
  }
}

function keepFaults(features: Set<Feature>, kept: readonly Feature[]): void {
  for (const fault of [...FAULTS, 'controller-faults', 'client-faults'] as const) features.delete(fault);
  for (const fault of kept) features.add(fault);
}

/** Settings that exclude each other. */
function settled(prng: PrngState, features: Set<Feature>): Features {
  if (features.has('transactional-producer'))
    for (const other of ['no-idempotence', 'impatient-producer'] as const) features.delete(other);
  // What is deleted before it is read is counted nowhere, and what the cleaner takes neither.
  if (features.has('application'))
    for (const other of ['retention', 'compaction'] as const) features.delete(other);
  if (features.has('application') && FAULTS.some((fault) => features.has(fault)))
    features.add('client-faults');
  if (features.has('compaction')) features.delete('retention');
  // Otherwise it would not be alone in sync before it is over.
  if (features.has('isolated-leader')) features.add('impatient-leaders');
  if (features.has('late-isr'))
    for (const other of ['impatient-leaders', 'impatient-sessions'] as const) features.add(other);
  // It has to sleep until its session is over, and others are to notice in time.
  if (features.has('unregistered')) features.add('impatient-sessions');
  const groups = ['classic-group', 'cooperative-group', 'consumer-group'] as const;
  const some = groups.filter((group) => features.has(group));
  const kept = some.length > 1 ? pick(prng, some) : undefined;
  if (kept !== undefined) for (const group of groups) if (group !== kept) features.delete(group);
  if (features.has('application') && below(prng, 2) === 0) features.add('exactly-once');
  return features;
}
