import type { Ledger } from '../../api/frame.ts';
import { tapePlayerFacts } from '../../client/programs/producer-entity.ts';
import type { World } from '../world.ts';

/** What became of the tapes' records, as far as their producers know. */
export function ledgerOf(world: World): Ledger {
  let asked = 0;
  let acknowledged = 0;
  let failed = 0;
  for (const { id } of world.scenario.producers) {
    const memory = world.producer(id);
    if (memory === undefined) continue;
    const facts = tapePlayerFacts(memory);
    asked += facts.sent;
    acknowledged += facts.acknowledged;
    failed += facts.failed;
  }
  return { asked, acknowledged, failed, lost: 0, duplicated: 0, counted: 0, droppedLate: 0 };
}
