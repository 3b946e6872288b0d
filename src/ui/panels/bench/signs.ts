import type { FigureNode, FigureStore } from '../../../engine/api/topology-driver.ts';

/** Silhouettes of 28 × 20: what comes in points, what changes is a box, what keeps is a table, what ends is barred. */
const SIGNS = {
  source: 'M2 3h12l8 7l-8 7h-12z',
  map: 'M2 3h24v14h-24zM7 10h13m-4 -3.5l4 3.5l-4 3.5',
  rekey: 'M2 3h24v14h-24zM6 7h4l7 6h5m-3 -2.5l3 2.5l-3 2.5M6 13h4l7 -6h5m-3 -2.5l3 2.5l-3 2.5',
  filter: 'M2 3h24v14h-24zM8 6h12l-4.5 4.5v4h-3v-4z',
  merge: 'M2 3h10l12 7l-12 7h-10M2 3v14',
  join: 'M2 3h12l10 7l-10 7h-12zM2 10h8',
  window: 'M2 3h24v14h-24zM9 6h-3v8h3M12 6h3v8h-3M18 6h3v8h-3',
  table: 'M2 3h24v14h-24zM2 8h24M10 3v14',
  sink: 'M4 5h16v10h-16M23 2v16',
  process: 'M2 3h24v14h-24z',
  branch: 'M2 10h9l12 -7M11 10l12 7M11 10h12',
} as const;

/** By what Kafka calls its nodes; a name of the person's own says nothing, so its stores decide. */
const BY_NAME: readonly (readonly [RegExp, keyof typeof SIGNS])[] = [
  [/JOIN|OUTER/, 'join'],
  [/MERGE/, 'merge'],
  [/BRANCH/, 'branch'],
  [/KEY-SELECT/, 'rekey'],
  [/FILTER|filter$/, 'filter'],
  [/MAP|TOSTREAM|SELECT/, 'map'],
  [/SUPPRESS/, 'window'],
];

export function signOf(node: FigureNode, stores: readonly FigureStore[]): string {
  if (node.kind !== 'processor') return SIGNS[node.kind];
  const named = BY_NAME.find(([pattern]) => pattern.test(node.name))?.[1];
  if (named !== undefined) return SIGNS[named];
  const kept = stores.find(({ name }) => node.stores.includes(name));
  if (kept === undefined) return SIGNS.process;
  return SIGNS[kept.kind === 'window' || kept.kind === 'session' ? 'window' : 'table'];
}

/** A drum around a middle: a state store. */
export const drum = (x: number, y: number, width: number, height: number): string => {
  const [left, top] = [x - width / 2, y - height / 2];
  return (
    `M${left} ${top}c0 -5 ${width} -5 ${width} 0v${height}c0 5 ${-width} 5 ${-width} 0z` +
    `M${left} ${top}c0 5 ${width} 5 ${width} 0`
  );
};
