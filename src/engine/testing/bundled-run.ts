import { parseScenarioText } from '../api/scenario-parse.ts';
import type { Scenario, Tape, TapeSpec } from '../api/scenario.ts';
import { utf8Decode, utf8Encode, type Bytes } from '../base/bytes.ts';
import type { BrokerMemory } from '../broker/broker-memory.ts';
import { allReplicas } from '../broker/replica.ts';
import type { BatchView } from '../api/views/log.ts';
import { settledBatches } from '../checker/settled-batches.ts';
import { ReplicaFigure } from '../cluster/view/replica-figure.ts';
import { ClusterSimulation } from '../cluster/simulation.ts';

/** Gives the text of a file of public/, such as `scenarios/clickstream.json`. */
type ReadText = (path: string) => string;

/** A scenario that comes with the page, at its moment 0, with its own tapes and acts. `change` may change it before. */
export function bundledRun(
  id: string,
  read: ReadText,
  change: (scenario: Scenario) => Scenario = (scenario) => scenario,
): ClusterSimulation {
  const parsed = parseScenarioText(read(`scenarios/${id}.json`));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const scenario = change(parsed.value);
  const tapes: Record<string, Tape> = {};
  for (const { id: producer, tape } of scenario.producers)
    tapes[producer] = tapeOf(tape, read(`tapes/${tape.file}`));
  const simulation = new ClusterSimulation({ ...scenario, commands: [] }, tapes);
  const replaced = simulation.replaceCommands(scenario.commands);
  if (!replaced.ok) throw new Error(replaced.error);
  return simulation;
}

/** The rows of a CSV file without quoted cells. Other code than the page's own. */
export function rowsOfCsv(text: string): Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
  });
}

function tapeOf({ timeColumn, keyColumn, limit }: TapeSpec, text: string): Tape {
  const all = rowsOfCsv(text);
  const rows = limit === 0 ? all : all.slice(0, limit);
  const cellOf = (cell: string): string | number => (/^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell);
  const valueOf = (cells: Readonly<Record<string, string>>, row: number): Bytes => {
    const fields = Object.entries(cells).map(([name, cell]) => [name, cellOf(cell)] as const);
    return utf8Encode(JSON.stringify({ row, ...Object.fromEntries(fields) }));
  };
  return Object.freeze({
    count: rows.length,
    timestamps: Object.freeze(rows.map((row) => Number(row[timeColumn]))),
    keys: Object.freeze(rows.map((row) => (keyColumn === null ? null : utf8Encode(row[keyColumn] ?? '')))),
    values: Object.freeze(rows.map(valueOf)),
  });
}

export interface CommittedRecord {
  readonly partition: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly timestamp: number;
}

/** What a reader of committed records finds in a topic, partition by partition, as broker 1 has it. */
export function committedRecords(simulation: ClusterSimulation, topic: string): CommittedRecord[] {
  const { memory, disk } = simulation.kernelState().nodes.get('b1') ?? {};
  if (memory === undefined || disk === undefined) throw new Error('b1 is down');
  const found: CommittedRecord[] = [];
  for (const replica of allReplicas(memory as BrokerMemory)) {
    if (replica.topic !== topic) continue;
    const { records, lastStable } = new ReplicaFigure(replica, disk);
    const batches: BatchView[] = [];
    records.visit(0, lastStable, (batch) => batches.push(batch));
    for (const { records: columns, baseTimestamp } of settledBatches(batches))
      for (let i = 0; i < columns.count; i++)
        found.push({
          partition: replica.partition,
          key: columns.keys[i] ?? null,
          value: columns.values[i] ?? null,
          timestamp: baseTimestamp + (columns.timestampDeltas[i] ?? 0),
        });
  }
  return found.sort((a, b) => a.partition - b.partition);
}

/** The JSON object of a record. */
export const jsonOf = ({ value }: CommittedRecord): Readonly<Record<string, unknown>> =>
  JSON.parse(utf8Decode(value ?? '{}')) as Readonly<Record<string, unknown>>;
