import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceEventData } from '../api/trace-event.ts';
import { int64FromBytes, utf8Decode } from '../base/bytes.ts';
import { millis } from '../base/time.ts';
import { bundledRun, committedRecords, jsonOf, rowsOfCsv } from '../testing/bundled-run.ts';
import type { ClusterSimulation } from './simulation.ts';

const read = (path: string): string => readFileSync(`public/${path}`, 'utf8');
const rows = rowsOfCsv(read('tapes/transfers.csv'));

/** What has to become of these commands: other code, no engine. Nobody in the tape sends again after an hour. */
function truthOf(commands: typeof rows) {
  const seen = new Set<string>();
  const refused: string[] = [];
  const accepted: string[] = [];
  const balances = new Map<string, number>();
  for (const { id = '', from = '', to = '', amount = '' } of commands) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (from !== 'bank' && (balances.get(from) ?? 0) < Number(amount)) {
      refused.push(id);
      continue;
    }
    accepted.push(id);
    balances.set(from, (balances.get(from) ?? 0) - Number(amount));
    balances.set(to, (balances.get(to) ?? 0) + Number(amount));
  }
  return { refused, accepted, balances };
}

const idsIn = (simulation: ClusterSimulation, topic: string): string[] =>
  committedRecords(simulation, topic).map((record) => String(jsonOf(record).id));

/** The newest balance of each account, as the table of the topic has it. */
const balancesIn = (simulation: ClusterSimulation): Map<string, number> =>
  new Map(
    committedRecords(simulation, 'balances').map(({ key, value }) => [
      utf8Decode(key ?? ''),
      int64FromBytes(value ?? ''),
    ]),
  );

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
const sorted = <T>(list: Iterable<T>): T[] => [...list].sort();

/** When machines told of what holds, in µs of the kernel. */
function told(
  simulation: ClusterSimulation,
  holds: (data: TraceEventData, node: string) => boolean,
): readonly number[] {
  const trace = [...simulation.kernelState().trace];
  return trace.filter(({ data, node }) => holds(data as TraceEventData, node)).map(({ at }) => at);
}

test('whoever dies in its transaction or wakes up too late, each transfer is booked once and no money is made', () => {
  const { accepted, refused, balances } = truthOf(rows);
  expect(rows.length - accepted.length - refused.length, 'sent again').toBeGreaterThan(100);
  expect(refused.length).toBeGreaterThan(100);
  const simulation = bundledRun('ledger', read);
  simulation.advance({ until: millis(60_000), eventsMax: Infinity });
  simulation.atQuiescence();

  expect(sorted(idsIn(simulation, 'postings'))).toEqual(sorted([...accepted, ...accepted]));
  expect(sorted(idsIn(simulation, 'refused'))).toEqual(sorted(refused));
  expect(sorted(balancesIn(simulation))).toEqual(sorted(balances));
  expect(sum(balancesIn(simulation).values())).toBe(0);

  // What the acts are there for: both transactions were open, and their coordinator ended them.
  const [died = 0] = told(
    simulation,
    (data) => data.type === 'crashed-at' && data.anchor === 'before-end-txn',
  );
  const aborted = told(
    simulation,
    (data) => data.type === 'transaction-changed' && data.reason === 'timed out',
  );
  const [fenced] = told(
    simulation,
    (data, node) => data.type === 'task-closed' && !data.clean && node === 'ledger-2',
  );
  expect(aborted).toHaveLength(2);
  expect(aborted[0]).toBeGreaterThan(died);
  expect(fenced).toBeGreaterThan(aborted[1] ?? Infinity);
});

test('at least once, the same crash makes money: what was booked before the offsets is added up again', () => {
  const commands = 300;
  const simulation = bundledRun('ledger', read, (scenario) => ({
    ...scenario,
    producers: scenario.producers.map((one) => ({ ...one, tape: { ...one.tape, limit: commands } })),
    applications: scenario.applications.map((one) => ({
      ...one,
      config: { ...one.config, 'processing.guarantee': 'at_least_once', 'commit.interval.ms': '1000' },
    })),
    commands: scenario.commands.slice(0, 2).map(({ act, ...command }) => ({
      ...command,
      act: act.type === 'crash-at' ? { ...act, anchor: 'before-offsets' as const } : act,
    })),
  }));
  simulation.advance({ until: millis(30_000), eventsMax: Infinity });
  const { balances } = truthOf(rows.slice(0, commands));
  expect(balancesIn(simulation).size).toBe(balances.size);
  expect(sum(balancesIn(simulation).values())).not.toBe(0);
});
