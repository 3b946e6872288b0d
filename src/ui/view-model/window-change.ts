import type { Scenario, TopologyNode } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';

export interface WindowChoice {
  readonly sizeMs: number;
  readonly graceMs: number;
}

/** Longest size and grace, in ms: a day. */
const MOST_MS = 86_400_000;

/** The same scenario with other windows in one of its applications. The error is one sentence. */
export function withWindows(
  scenario: Scenario,
  application: string,
  choice: WindowChoice,
): Result<Scenario, string> {
  const problem = problemOf(choice);
  if (problem !== null) return err(problem);
  const applications = scenario.applications.map((spec) =>
    spec.id === application
      ? { ...spec, topology: spec.topology.map((node) => changed(node, choice)) }
      : spec,
  );
  return ok({ ...scenario, applications });
}

function problemOf({ sizeMs, graceMs }: WindowChoice): string | null {
  if (!Number.isInteger(sizeMs) || sizeMs < 1) return 'A window is at least one millisecond long.';
  if (!Number.isInteger(graceMs) || graceMs < 0) return 'Grace cannot be less than nothing.';
  return sizeMs > MOST_MS || graceMs > MOST_MS ? 'Windows and grace are at most a day long here.' : null;
}

/** A hopping window keeps the number of windows that overlap. */
function changed(node: TopologyNode, { sizeMs, graceMs }: WindowChoice): TopologyNode {
  const { op, window } = node;
  if (op !== 'windowedBy' || typeof window !== 'object' || window === null) return node;
  const before = window as Readonly<Record<string, unknown>>;
  const advance = typeof before.advance === 'number' && typeof before.size === 'number';
  const steps = advance ? Math.max(1, Math.round(Number(before.size) / Number(before.advance))) : 1;
  const hops = advance ? { advance: Math.max(1, Math.floor(sizeMs / steps)) } : {};
  return { ...node, window: { ...before, size: sizeMs, grace: graceMs, ...hops } };
}
