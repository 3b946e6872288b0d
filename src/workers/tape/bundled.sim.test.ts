import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseScenarioText } from '../../engine/api/scenario-parse.ts';
import { printScenario } from '../../engine/api/scenario-print.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import type { ProducerEntity } from '../../engine/api/entities/producer.ts';
import type { Scenario, Tape } from '../../engine/api/scenario.ts';
import { createSimulation } from '../../engine/cluster/simulation.ts';
import { buildTape } from './build-tape.ts';
import { readTapeFile } from './read-tape-file.ts';
import { previewTape } from './tape-preview.ts';
import { digestTape } from './tape-table.ts';

const PUBLIC = new URL('../../../public/', import.meta.url);
const SCENARIOS = readdirSync(new URL('scenarios/', PUBLIC));

function scenarioOf(file: string): Scenario {
  const text = readFileSync(new URL(`scenarios/${file}`, PUBLIC), 'utf8');
  const parsed = parseScenarioText(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(printScenario(parsed.value)).toBe(text);
  expect(JSON.parse(text), 'the page takes it without reading it by the schema').toEqual(parsed.value);
  return parsed.value;
}

async function tablesOf(scenario: Scenario) {
  return Promise.all(
    scenario.producers.map(async ({ id, tape }) => {
      const bytes = readFileSync(new URL(`tapes/${tape.file}`, PUBLIC));
      const table = await readTapeFile(new Blob([bytes]), { format: tape.format });
      if (!table.ok) throw new Error(table.error);
      return { id, tape, table: table.value };
    }),
  );
}

test('there are scenarios', () => expect(SCENARIOS).toContain('clickstream.json'));

test.each(SCENARIOS)('%s is canonical, names the tape that is there, and starts after it', async (file) => {
  const scenario = scenarioOf(file);
  expect(`${scenario.id}.json`).toBe(file);
  for (const { tape, table } of await tablesOf(scenario)) {
    expect(digestTape(table)).toBe(tape.digest);
    expect(buildTape(table, tape)).toMatchObject({ ok: true, value: { skipped: { count: 0 } } });
    const preview = previewTape(table);
    if (!preview.ok) throw new Error(preview.error);
    expect(preview.value.times.latest).toBeLessThan(scenario.startMs);
  }
});

test('lost-ack.json: acknowledged clicks are gone when the leader that acknowledged them dies', async () => {
  const scenario = scenarioOf('lost-ack.json');
  const tapes: Record<string, Tape> = {};
  for (const { id, tape, table } of await tablesOf(scenario)) {
    const built = buildTape(table, tape);
    if (built.ok) tapes[id] = built.value.tape;
  }
  const made = createSimulation(scenario, tapes);
  if (!made.ok) throw new Error(made.error);
  made.value.advance({ until: 24_000_000, eventsMax: Number.POSITIVE_INFINITY });
  const { changed } = made.value.frame();
  const producer = changed.find((entity): entity is ProducerEntity => entity.kind === 'producer');
  const partition = changed.find(
    (entity): entity is PartitionEntity => entity.kind === 'partition' && entity.topic === 'clicks',
  );
  expect(partition).toMatchObject({ leader: 3, leaderEpoch: 1 });
  const at = partition?.replicas.indexOf(partition.leader) ?? -1;
  const kept = partition?.states[at]?.logEnd ?? 0;
  expect((producer?.acknowledged ?? 0) - kept).toBeGreaterThan(100);
}, 60_000);
