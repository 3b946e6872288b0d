import { describe, expect, test } from 'vitest';
import { leanScenario } from '../../engine/testing/lean-scenario.ts';
import { withWindows } from './window-change.ts';

const scenario = leanScenario(1);

describe('other windows', () => {
  test('change the application’s window and nothing else', () => {
    const result = withWindows(scenario, 'counter', { sizeMs: 60_000, graceMs: 0 });
    if (!result.ok) throw new Error(result.error);
    const [before, after] = [scenario, result.value].map(
      ({ applications }) => applications[0]?.topology ?? [],
    );
    expect(after?.find(({ op }) => op === 'windowedBy')?.window).toEqual({
      type: 'tumbling',
      size: 60_000,
      grace: 0,
    });
    const rest = (nodes: typeof after) => nodes?.filter(({ op }) => op !== 'windowedBy');
    expect(rest(after)).toEqual(rest(before));
    expect({ ...result.value, applications: [] }).toEqual({ ...scenario, applications: [] });
  });

  test.each([
    [{ sizeMs: 0, graceMs: 0 }, 'A window is at least one millisecond long.'],
    [{ sizeMs: Number.NaN, graceMs: 0 }, 'A window is at least one millisecond long.'],
    [{ sizeMs: 1_000, graceMs: -1 }, 'Grace cannot be less than nothing.'],
    [{ sizeMs: 1_000, graceMs: 90_000_000 }, 'Windows and grace are at most a day long here.'],
  ])('refuse %o with a sentence', (choice, sentence) => {
    expect(withWindows(scenario, 'counter', choice)).toEqual({ ok: false, error: sentence });
  });
});
