import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseScenario, parseScenarioText } from './scenario-parse.ts';
import { printScenario } from './scenario-print.ts';

const SCENARIO = JSON.parse(
  readFileSync(new URL('../../../public/scenarios/clickstream.json', import.meta.url), 'utf8'),
) as object;

const command = (act: object): unknown => [{ id: 1, at: 1, act }];

test.each<[object, string]>([
  [
    { quotas: [{ key: 'producer_byte_rate', value: 5 }] },
    'quotas[0] must say whose it is: of a user, a clientId, or both.',
  ],
  [
    { quotas: [{ clientId: 'p1', key: 'producer_byte_rate', value: 1.5 }] },
    'quotas[0] must have a whole number for producer_byte_rate, not 1.5.',
  ],
  [
    { quotas: [7, 8].map((value) => ({ clientId: null, key: 'consumer_byte_rate', value })) },
    'quotas[1] says consumer_byte_rate of every client without one again.',
  ],
  [
    { commands: command({ type: 'set-quota', key: 'consumer_byte_rate', value: null }) },
    'commands[0].act must say whose it is: of a user, a clientId, or both.',
  ],
])('a quota that cannot be is refused in one sentence: %j', (change, message) => {
  expect(parseScenario({ ...SCENARIO, ...change })).toMatchObject({ ok: false, error: { message } });
});

test('quotas are read, printed in one order, and read back', () => {
  const quotas = [
    { value: 20_000, key: 'producer_byte_rate', clientId: 'p1' },
    { user: null, clientId: null, key: 'consumer_byte_rate', value: 5 },
  ];
  const act = {
    type: 'set-quota',
    value: null,
    key: 'producer_byte_rate',
    clientId: 'p1',
    user: 'ANONYMOUS',
  };
  const parsed = parseScenario({ ...SCENARIO, quotas, commands: command(act) });
  if (!parsed.ok) throw new Error(parsed.error.message);
  const printed = printScenario(parsed.value);
  expect(printed).toContain('{ "clientId": "p1", "key": "producer_byte_rate", "value": 20000 }');
  expect(parseScenarioText(printed)).toEqual(parsed);
  expect(parsed.value.quotas).toEqual(quotas);
});
