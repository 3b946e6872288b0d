import { millis } from '../../src/engine/base/time.ts';
import { buildCluster } from '../../src/engine/cluster/cluster-builder.ts';
import { PRELUDE } from '../../src/engine/cluster/prelude.ts';
import type { SimEvent } from '../../src/engine/sim/event.ts';
import type { Kernel } from '../../src/engine/sim/kernel.ts';
import { quantile, type BenchRow } from './bench-row.ts';
import { readClickstream, type Clickstream } from './clickstream.ts';

/** Passes that only let the code be compiled. */
const WARM_UP = 3;
const UNTIL = millis(30_000);
/** Kinds that are told of, those that cost most first. */
const SHOWN = 12;

/**
 * What one event of the clickstream costs by its kind, without the checker: the median, which no other process and no
 * collection of garbage touches, so the sum of all is the least that an event costs with the code as it is.
 */
export async function kindsBench(): Promise<readonly BenchRow[]> {
  const clickstream = await readClickstream();
  for (let i = 0; i < WARM_UP; i++) timesByKind(clickstream);
  const kinds = [...timesByKind(clickstream)].map(([kind, times]) => {
    const median = quantile(times, 0.5);
    return { kind, median, count: times.length, total: median * times.length };
  });
  const total = kinds.reduce((sum, kind) => sum + kind.total, 0);
  const events = kinds.reduce((sum, { count }) => sum + count, 0);
  const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`;
  const row = { bench: 'kinds', unit: 'µs' };
  return [
    { ...row, what: 'an event, if each took the median of its kind', value: total / events },
    ...kinds
      .sort((a, b) => b.total - a.total)
      .slice(0, SHOWN)
      .map((kind) => ({
        ...row,
        what: kind.kind,
        value: kind.median,
        note: `${percent(kind.count, events)} of the events, ${percent(kind.total, total)} of the time`,
      })),
  ];
}

function timesByKind({ scenario, tapes }: Clickstream): ReadonlyMap<string, readonly number[]> {
  const kernel = buildCluster(scenario, tapes);
  while ((kernel.nextAt() ?? Infinity) <= PRELUDE) kernel.step();
  const times = new Map<string, number[]>();
  for (let next = kernel.state.queue.peek(); next !== undefined && next.at <= PRELUDE + UNTIL;) {
    const kind = kindOf(kernel, next);
    const start = performance.now();
    kernel.step();
    const took = (performance.now() - start) * 1_000;
    const ofKind = times.get(kind);
    if (ofKind === undefined) times.set(kind, [took]);
    else ofKind.push(took);
    next = kernel.state.queue.peek();
  }
  return times;
}

function kindOf(kernel: Kernel, { node, kind, name, payload }: SimEvent): string {
  const { program } = kernel.slot(node);
  if (kind !== 'deliver') return `${program}: ${kind} ${name.replace(/\d.*$/, '')}`;
  const message = payload as { readonly kind?: string; readonly api?: string };
  return `${program}: ${message.api ?? 'message'} ${message.kind ?? ''}`;
}
