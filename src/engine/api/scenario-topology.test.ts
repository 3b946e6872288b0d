import { expect, test } from 'vitest';
import { leanScenario } from '../testing/lean-scenario.ts';
import { parseScenario } from './scenario-parse.ts';

const SOURCE = { id: 's', op: 'stream', topic: 'clicks', key: 'string', value: 'json' };

/** What the parser says of a topology whose second node this is. */
function complaint(node: object): string | null {
  const scenario = leanScenario(1);
  const applications = scenario.applications.map((app) => ({ ...app, topology: [SOURCE, node] }));
  const tape = { ...scenario.producers[0]?.tape, digest: '0'.repeat(16) };
  const producers = scenario.producers.map((producer) => ({ ...producer, tape }));
  const parsed = parseScenario({ ...scenario, applications, producers });
  return parsed.ok ? null : parsed.error.message;
}

const PLACE = 'applications[0].topology[1]';
const hopping = (advance: unknown): object => ({
  op: 'windowedBy',
  of: 's',
  window: { type: 'hopping', size: 3_600_000, advance },
});

test.each([
  [{ op: 'to', of: 's', topic: 'views' }, null],
  [hopping(3_600), null],
  [hopping(3_599), `${PLACE}.window.advance puts a record into 1,001 windows; the most is 1,000.`],
  [
    hopping('60000'),
    `${PLACE}.window.advance must be a whole number from 1 to 253,402,300,799,999 (ms), not "60000".`,
  ],
  [{ op: 'windowedBy', of: 's' }, `${PLACE}.window is missing.`],
  [{ op: 'windowedBy', of: 's', windows: {} }, `${PLACE}.window is missing.`],
  [{ op: 'count' }, `${PLACE}.of is missing.`],
  [{ op: 'to', of: 's' }, `${PLACE} needs a topic or a topicFn.`],
  [{ op: 'stream', key: 'string', value: 'json' }, `${PLACE} needs a topic, topics or a pattern.`],
  [
    { op: 'to', of: 's', topic: 'a b' },
    `${PLACE}.topic must be 1 to 249 letters, digits, dots, underscores and dashes, not "a b".`,
  ],
  [
    { op: 'count', of: 's', coching: false },
    `${PLACE}.coching is not a field that is known here; did you mean "caching"?`,
  ],
  [
    { op: 'suppress', of: 's', until: 7 },
    `${PLACE}.until must be "windowCloses" or an object with a timeLimit.`,
  ],
  [
    { op: 'frobnicate', of: 's' },
    expect.stringMatching(/topology\[1\]\.op must be one of "stream", .*, not "frobnicate"\.$/),
  ],
])('a node %j', (node, expected) => {
  expect(complaint(node)).toEqual(expected);
});
