import { millis } from '../../src/engine/base/time.ts';
import { buildCluster } from '../../src/engine/cluster/cluster-builder.ts';
import { PRELUDE } from '../../src/engine/cluster/prelude.ts';
import { cpuSeconds, quantile, type BenchRow } from './bench-row.ts';
import { readClickstream, simulationOf, type Clickstream } from './clickstream.ts';

const PASSES = 3;
const UNTIL = millis(30_000);
/** Simulated time between two frames of a run at real speed. */
const FRAME = millis(16);

interface Pass {
  readonly events: number;
  readonly cpu: number;
}

/** The clickstream scenario event by event: alone, with the checker, and with frames as the page takes them. */
export async function eventsBench(): Promise<readonly BenchRow[]> {
  const clickstream = await readClickstream();
  const rows = [
    rate('kernel and programs only', bare, clickstream),
    rate('with checker, samples and checkpoints', whole, clickstream, 700_000),
    rate('the same, and a frame each 16 simulated ms', framed, clickstream),
  ];
  const [alone, watched, shown] = rows.map(({ value }) => value);
  const times = { bench: 'events', unit: 'times' };
  return [
    ...rows,
    { ...times, what: 'an event with them to one without', value: (alone ?? 0) / (watched ?? 0) },
    { ...times, what: 'an event with frames to one with none of it', value: (alone ?? 0) / (shown ?? 0) },
  ];
}

function rate(
  what: string,
  pass: (clickstream: Clickstream) => Pass,
  clickstream: Clickstream,
  target?: number,
): BenchRow {
  pass(clickstream);
  const rates = Array.from({ length: PASSES }, () => pass(clickstream)).map(
    ({ events, cpu }) => events / cpu,
  );
  const row = { bench: 'events', what, value: quantile(rates, 1), unit: 'events/s of CPU' };
  return target === undefined ? row : { ...row, target };
}

function bare({ scenario, tapes }: Clickstream): Pass {
  const kernel = buildCluster(scenario, tapes);
  while ((kernel.nextAt() ?? Infinity) <= PRELUDE) kernel.step();
  const before = kernel.state.eventCount;
  const cpu = cpuSeconds(() => {
    while ((kernel.nextAt() ?? Infinity) <= PRELUDE + UNTIL) kernel.step();
  });
  return { events: kernel.state.eventCount - before, cpu };
}

function whole(clickstream: Clickstream): Pass {
  const simulation = simulationOf(clickstream);
  const before = simulation.eventCount();
  const cpu = cpuSeconds(() => simulation.advance({ until: UNTIL, eventsMax: Infinity }));
  return { events: simulation.eventCount() - before, cpu };
}

function framed(clickstream: Clickstream): Pass {
  const simulation = simulationOf(clickstream);
  const before = simulation.eventCount();
  const cpu = cpuSeconds(() => {
    for (let at = FRAME; at <= UNTIL; at += FRAME) {
      simulation.advance({ until: at, eventsMax: Infinity });
      simulation.frame();
    }
  });
  return { events: simulation.eventCount() - before, cpu };
}
