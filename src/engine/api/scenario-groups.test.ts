import { expect, test } from 'vitest';
import { parseScenario } from './scenario-parse.ts';

type Json = Record<string, unknown>;

const TAPE = { file: 'a.csv', origin: 'bundled', digest: '0123456789abcdef', format: 'csv', timeColumn: 't' };
const COMMITTING = { config: { 'enable.auto.commit': 'false' } };
const OUT = { output: { topic: 'out' } };

/** A scenario with one producer and two groups, of which the second writes. */
function sentence({ tape, group }: { readonly tape?: Json; readonly group?: Json }): string {
  const topic = (name: string) => ({ name, partitions: 1, replicationFactor: 1 });
  const parsed = parseScenario({
    format: 'millrace-scenario',
    version: 1,
    id: 'small',
    name: 'Small',
    question: 'What happens?',
    seed: 7,
    startMs: 1_432_166_400_000,
    lengthMs: 60_000,
    brokers: [{ id: 1 }],
    topics: [topic('clicks'), topic('out'), topic('taken')],
    producers: [{ id: 'p1', topic: 'clicks', pace: { kind: 'max' }, tape: { ...TAPE, ...tape } }],
    groups: [
      { id: 'first', topic: 'clicks', members: 1, output: { topic: 'taken' }, ...COMMITTING },
      { id: 'second', topic: 'clicks', members: 1, ...group },
    ],
  });
  return parsed.ok ? 'no problem' : parsed.error.message;
}

test.each<[Json, string]>([
  [{ work: 'in-worker' }, 'no problem'],
  [{ topicsPattern: 'c.*' }, 'no problem'],
  [{ topicsPattern: 'c(' }, 'groups[1].topicsPattern must be a regular expression.'],
  [
    { topicsPattern: 'views.*' },
    'groups[1].topicsPattern must mean "clicks" too, the topic that the group is told by.',
  ],
  [
    { topicsPattern: 'c.*', ...OUT, ...COMMITTING },
    'groups[1].topicsPattern cannot be of a group with an output.',
  ],
  [{ work: 'later' }, 'groups[1].work must be "in-worker", not "later".'],
  [{ ...OUT, ...COMMITTING }, 'no problem'],
  [OUT, 'no problem'],
  [
    { ...OUT, ...COMMITTING, work: 'in-worker' },
    'groups[1].work cannot be "in-worker" with an output: the thread that polls writes it, in its transaction.',
  ],
  [
    { output: { topic: 'out', config: { 'transactional.id': 'x' } }, ...COMMITTING },
    'groups[1].output.config["transactional.id"] cannot be given: it is the machine of each member.',
  ],
  [
    { output: { topic: 'out', config: { acks: '1' } }, ...COMMITTING },
    'groups[1].output.config makes a client that Kafka refuses: Cannot set a transactional.id without also enabling idempotence.',
  ],
  [
    { output: { topic: 'clicks' }, ...COMMITTING },
    'groups[1].output.topic must be another topic than the one that the group reads.',
  ],
  [
    { output: { topic: 'taken' }, ...COMMITTING },
    'groups[1].output.topic must be a topic of its own: "taken" is written by others.',
  ],
  [
    { output: { topic: 'nowhere' }, ...COMMITTING },
    'groups[1].output.topic names "nowhere", which is no topic here; there are clicks, out and taken.',
  ],
])('a group with %j: %s', (group, message) => {
  expect(sentence({ group })).toBe(message);
});

const TOMBSTONES = { tombstones: { column: 'status', value: '404' } };

test.each<[Json, string]>([
  [{ ...TOMBSTONES, keyColumn: 'user' }, 'no problem'],
  [
    TOMBSTONES,
    'producers[0].tape.tombstones needs a keyColumn: without a key there is nothing to take away.',
  ],
  [
    { ...TOMBSTONES, keyColumn: 'user', origin: 'own' },
    'producers[0].tape.tombstones cannot be given for a file of your own: its records are kept as they were read.',
  ],
])('a tape with %j: %s', (tape, message) => {
  expect(sentence({ tape })).toBe(message);
});
