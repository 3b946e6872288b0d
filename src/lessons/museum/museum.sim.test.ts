import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ClusterEntity, Entity } from '../../engine/api/frame.ts';
import type { GroupEntity, Processing } from '../../engine/api/entities/group.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import { parseScenarioText } from '../../engine/api/scenario-parse.ts';
import { printScenario } from '../../engine/api/scenario-print.ts';
import type { Scenario, Tape } from '../../engine/api/scenario.ts';
import { millis } from '../../engine/base/time.ts';
import { ClusterSimulation } from '../../engine/cluster/simulation.ts';
import { buildTape } from '../../workers/tape/build-tape.ts';
import { readTapeFile } from '../../workers/tape/read-tape-file.ts';
import { asToday, EXHIBITS, type Exhibit } from './exhibits.ts';

const PUBLIC = new URL('../../../public/', import.meta.url);
/** After its length a run has so long to come to rest, simulated ms. */
const REST_MS = 30_000;

function scenarioOf({ id, name }: Exhibit): Scenario {
  const text = readFileSync(new URL(`museum/${id}.json`, PUBLIC), 'utf8');
  const parsed = parseScenarioText(text);
  if (!parsed.ok) throw new Error(`${id}: ${parsed.error.message}`);
  expect(printScenario(parsed.value)).toBe(text);
  expect(parsed.value).toMatchObject({ id, name });
  return parsed.value;
}

async function tapesOf(scenario: Scenario): Promise<Record<string, Tape>> {
  const tapes: Record<string, Tape> = {};
  for (const { id, tape } of scenario.producers) {
    const table = await readTapeFile(new Blob([readFileSync(new URL(`tapes/${tape.file}`, PUBLIC))]), tape);
    const built = table.ok ? buildTape(table.value, tape) : table;
    if (!built.ok) throw new Error(built.error);
    tapes[id] = built.value.tape;
  }
  return tapes;
}

/** What became of a run: its sums, which rules broke, and how its readers fared. */
interface Outcome {
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly broken: readonly string[];
  /** A replica holds something else than was committed, and it has come to rest. */
  readonly apart: boolean;
  /** Records that are replicated and that readers of what is committed still may not read. */
  readonly stuck: number;
  /** Transactions that their coordinator has decided and not ended. */
  readonly unfinished: number;
  /** Offsets that the group has committed, summed. */
  readonly committed: number;
  /** Partitions that were taken from readers, summed over all rebalances. */
  readonly revoked: number;
  /** Times that a reader found its position gone, or had none. */
  readonly resets: number;
  /** What the groups have done with the rows of the tapes, summed. */
  readonly processing: Processing;
}

/** Frames are taken so often that none has to leave events out; simulated ms. */
const FRAME_MS = 500;

async function outcomeOf(scenario: Scenario): Promise<Outcome> {
  const simulation = new ClusterSimulation(scenario, await tapesOf(scenario));
  expect(simulation.replaceCommands(scenario.commands).ok).toBe(true);
  const entities = new Map<string, Entity>();
  let revoked = 0;
  let resets = 0;
  for (let ms = 0; ms <= scenario.lengthMs + REST_MS; ms += FRAME_MS) {
    simulation.advance({ until: millis(ms), eventsMax: Infinity });
    const frame = simulation.frame();
    for (const entity of frame.changed) entities.set(entity.id, entity);
    for (const { data } of frame.events) {
      if (data.type === 'partitions-revoked') revoked += data.partitions.length;
      if (data.type === 'offset-reset') resets += 1;
    }
  }
  return { ...judged(simulation, [...entities.values()], scenario.id), revoked, resets };
}

/** A group that gets nowhere never comes to rest, so the one of that exhibit is not judged by what holds then. */
function judged(simulation: ClusterSimulation, entities: readonly Entity[], id: string) {
  if (id !== 'slow-processing') simulation.atQuiescence();
  const ledger = entities.find((entity): entity is ClusterEntity => entity.kind === 'cluster')?.ledger;
  const partitions = entities.filter((entity): entity is PartitionEntity => entity.kind === 'partition');
  const groups = entities.filter((entity): entity is GroupEntity => entity.kind === 'group');
  return {
    acknowledged: ledger?.acknowledged ?? 0,
    lost: ledger?.lost ?? 0,
    duplicated: ledger?.duplicated ?? 0,
    broken: [...new Set(simulation.violations.map(({ name }) => name))],
    apart: simulation.violations.some(({ sentence }) =>
      sentence.includes('does not hold what was committed'),
    ),
    stuck: Math.max(
      ...partitions.flatMap(({ states }) =>
        states.map((s) => s.highWatermark - (s.lastStable ?? s.highWatermark)),
      ),
    ),
    unfinished: entities.filter((entity) => entity.kind === 'transaction' && /^Prepare/.test(entity.state))
      .length,
    committed: groups
      .flatMap((group) => group.partitions)
      .reduce((sum, { committed }) => sum + Math.max(committed, 0), 0),
    processing: groups.reduce((sum, group) => plus(sum, group.processing ?? NOTHING), NOTHING),
  };
}

const NOTHING: Processing = { processed: 0, repeated: 0, disordered: 0, skipped: 0 };

const plus = (a: Processing, b: Processing): Processing => ({
  processed: a.processed + b.processed,
  repeated: a.repeated + b.repeated,
  disordered: a.disordered + b.disordered,
  skipped: a.skipped + b.skipped,
});

/** By exhibit: what is wrong with an outcome of then, and must not be with one of today. */
const WRONG: Readonly<Record<string, (outcome: Outcome) => boolean>> = {
  'truncation-to-high-watermark': ({ lost, broken }) =>
    lost > 10 && broken.includes('NoTruncationBelowTrueHW'),
  'silent-divergence': ({ apart }) => apart,
  'fast-failovers': ({ lost, broken }) => lost > 10 && broken.includes('LogMatching'),
  'unclean-election': ({ lost, broken }) => lost > 1_000 && broken.includes('NoAckedLoss'),
  'unseen-truncation': ({ broken }) => broken.includes('NoPollSkip'),
  'last-replica-standing': ({ lost, broken }) => lost > 1_000 && broken.includes('NoAckedLoss'),
  'duplicates-on-retry': ({ duplicated }) => duplicated > 0,
  'reordered-retries': ({ broken }) => broken.includes('SendOrder'),
  'zombie-processor': ({ processing, broken }) =>
    processing.repeated > 20 && broken.includes('CommittedOffsetSane'),
  'hanging-transaction': ({ stuck }) => stuck > 100,
  'late-message': ({ duplicated }) => duplicated > 0,
  'repeated-marker': ({ unfinished, acknowledged }) => unfinished > 0 && acknowledged < 400,
  'rebalance-storm': ({ revoked }) => revoked > 40,
  'two-owners': ({ broken }) => broken.includes('SingleOwner'),
  'slow-processing': ({ committed, acknowledged }) => committed < acknowledged / 4,
  'committed-before-done': ({ processing }) => processing.skipped > 500,
  'missed-tombstone': ({ processing, lost }) => lost === 0 && processing.skipped > 0,
  'retention-eats-unread': ({ resets }) => resets > 1,
};

/** By exhibit: what a set-up of today does not mend, because the exhibit is not about that. */
const REMAINS: Readonly<Record<string, Partial<Outcome>>> = {
  // The last replica in sync leads without its tail all the same: the logs agree in the end, but what is gone is gone.
  'silent-divergence': {
    lost: 244,
    broken: [
      'BrokerEpochFencing',
      'HWBounds',
      'LeaderCompleteness',
      'OffsetAgreement',
      // Until the other has been cut off where the logs part.
      'LogMatching',
      'NoAckedLoss',
      'SendOrder',
    ],
  },
  // The replica that was left behind leads all the same: the reader notices, but what is gone is gone.
  'unseen-truncation': {
    lost: 640,
    broken: [
      'HWBounds',
      'LeaderCompleteness',
      'LeaderCandidateCompleteness',
      'OffsetAgreement',
      'ConsistentRead',
      // Until the one that led before has been cut.
      'LogMatching',
      // It has gone back to where the logs part.
      'CommittedOffsetSane',
      'NoAckedLoss',
      'SendOrder',
    ],
  },
};

test('every file of the museum is shown', () => {
  const files = readdirSync(new URL('museum/', PUBLIC));
  expect(files.sort()).toEqual(EXHIBITS.map(({ id }) => `${id}.json`).sort());
});

test.each(EXHIBITS)(
  '$id: goes wrong as it did then, and not as it would be set up today',
  async (exhibit) => {
    const isWrong = WRONG[exhibit.id];
    const then = scenarioOf(exhibit);
    expect([then, isWrong?.(await outcomeOf(then))]).toEqual([then, true]);
    const today = asToday(then, exhibit);
    const outcome = await outcomeOf(today);
    expect([outcome, isWrong?.(outcome)]).toEqual([outcome, false]);
    expect(outcome).toMatchObject({ lost: 0, duplicated: 0, broken: [], ...REMAINS[exhibit.id] });
  },
  120_000,
);
