import { get, set } from 'idb-keyval';
import type { ProducerSpec, Scenario, Tape, TapeSpec } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { buildTape } from '../../workers/tape/build-tape.ts';
import { readTapeFile } from '../../workers/tape/read-tape-file.ts';
import { digestTape } from '../../workers/tape/tape-table.ts';
import type { MadeTape, TapeChoice } from './tape-desk.ts';

/** The scenario that the page opens with. */
export const FIRST_SCENARIO = 'clickstream';

/** The scenarios that come with the page, as the menu names them. */
export const BUNDLED: readonly { readonly id: string; readonly name: string }[] = [
  { id: 'clickstream', name: 'Clickstream' },
  { id: 'visits', name: 'Views and visits' },
  { id: 'machines', name: 'Hot for five minutes' },
  { id: 'ledger', name: 'Ledger' },
  { id: 'lost-ack', name: 'A lost acknowledgement' },
  { id: 'counted-once', name: 'Counted once' },
  { id: 'open-transaction', name: 'An open transaction' },
  { id: 'ten-second-windows', name: 'Ten-second windows' },
  { id: 'share-group', name: 'A share group' },
  { id: 'no-more-connections', name: 'No more connections' },
];

/**
 * A scenario that comes with the page. It is taken as it is, as the page's own scripts are: a test reads each with all
 * rules of the schema and finds nothing to add. The error is one sentence.
 */
export const bundledScenario = (id: string): Promise<Result<Scenario, string>> =>
  scenarioAt(`scenarios/${id}.json`);

/** The scenario of an exhibit of the museum, as {@link bundledScenario}. */
export const museumScenario = (id: string): Promise<Result<Scenario, string>> =>
  scenarioAt(`museum/${id}.json`);

async function scenarioAt(path: string): Promise<Result<Scenario, string>> {
  const file = await fetchBlob(path);
  if (!file.ok) return file;
  try {
    return ok(JSON.parse(await file.value.text()) as Scenario);
  } catch {
    return err(`${path} did not arrive whole. Load the page again.`);
  }
}

/** Why a scenario has no tapes. */
export interface NoTapes {
  readonly sentence: string;
  /** The person's file that is not in this browser. */
  readonly missing: TapeSpec | null;
}

/** The tapes that the producers of a scenario play, by producer. */
export async function tapesOf(scenario: Scenario): Promise<Result<Readonly<Record<string, Tape>>, NoTapes>> {
  const tapes: Record<string, Tape> = {};
  for (const { id, tape: spec } of scenario.producers) {
    const own = spec.origin === 'own';
    const tape = own ? await ownTape(spec) : await bundledTape(spec);
    if (!tape.ok) return err({ sentence: tape.error, missing: own ? spec : null });
    tapes[id] = tape.value;
  }
  return ok(tapes);
}

async function bundledTape(spec: TapeSpec): Promise<Result<Tape, string>> {
  const file = await fetchBlob(`tapes/${encodeURIComponent(spec.file)}`);
  if (!file.ok) return file;
  const table = await readTapeFile(file.value, { format: spec.format });
  if (!table.ok) return table;
  if (digestTape(table.value) !== spec.digest)
    return err(`The tape ${spec.file} is not the one that this scenario was made with.`);
  const built = buildTape(table.value, spec);
  return built.ok ? ok(built.value.tape) : built;
}

const ownKey = ({ digest, timeColumn, keyColumn }: TapeSpec): string =>
  `tape ${digest} ${timeColumn} ${keyColumn ?? ''}`;

/** The tapes that were opened since the page was loaded. */
const opened = new Map<string, Tape>();

async function ownTape(spec: TapeSpec): Promise<Result<Tape, string>> {
  const key = ownKey(spec);
  const kept = opened.get(key) ?? (await get<Tape>(key).catch(() => undefined));
  return kept === undefined ? err(`The file ${spec.file} is not in this browser.`) : ok(kept);
}

/** Keeps a person's tape in this browser, so that a reload finds it. A full disk costs only that. */
export function keepTape({ spec, tape }: MadeTape): Promise<void> {
  opened.set(ownKey(spec), tape);
  return set(ownKey(spec), tape).catch(() => undefined);
}

async function fetchBlob(path: string): Promise<Result<Blob, string>> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    if (response.ok) return ok(await response.blob());
    return err(`${path} could not be loaded (${response.status}).`);
  } catch {
    return err(`${path} could not be loaded: there is no connection to where the page came from.`);
  }
}

const DAY_MS = 86_400_000;

/** The same scenario with a person's tape in its first producer, counted by a column of theirs. */
export function withOwnTape(
  scenario: Scenario,
  { tape, spec }: MadeTape,
  { pace, countBy }: TapeChoice,
): Scenario {
  const [first, ...others] = scenario.producers;
  if (first === undefined) return scenario;
  const producer: ProducerSpec = { ...first, tape: spec, pace };
  const latest = tape.timestamps.reduce((most, at) => Math.max(most, at), 0);
  return {
    ...scenario,
    id: 'own-file',
    name: spec.file,
    question: `What becomes of ${spec.file} when a broker dies?`,
    startMs: Math.ceil((latest + 1) / DAY_MS) * DAY_MS,
    producers: [producer, ...others],
    applications: scenario.applications.map((application) => ({
      ...application,
      topology: application.topology.map((node) =>
        node.op === 'groupBy' ? { ...node, keyFn: `field:${countBy}` } : node,
      ),
    })),
    commands: [],
  };
}
