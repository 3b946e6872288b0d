import type { Scenario } from '../engine/api/scenario.ts';
import { err, ok, type Result } from '../engine/base/result.ts';
import { missingPart } from '../engine/cluster/simulation.ts';

/**
 * Loads what a scenario needs of the simulator beyond what every run has, before the run begins: the run itself never
 * waits. The error is one sentence.
 */
export async function loadParts(scenario: Scenario): Promise<Result<void, string>> {
  const missing = missingPart(scenario);
  if (missing === undefined) return ok(undefined);
  try {
    await import('../engine/streams/rare/install.ts');
    return ok(undefined);
  } catch {
    return err(`The ${missing} could not be loaded. Is the connection gone?`);
  }
}
