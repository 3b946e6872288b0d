import { describe, expect, test } from 'vitest';
import { parseScenario, parseScenarioText } from './scenario-parse.ts';
import { printScenario } from './scenario-print.ts';

const TEXT = `{
  "format": "millrace-scenario",
  "version": 1,
  "id": "small",
  "name": "Small",
  "question": "What happens?",
  "seed": 7,
  "startMs": 1432166400000,
  "lengthMs": 60000,
  "brokers": [{ "id": 1, "rack": "a" }, { "id": 2 }],
  "topics": [{ "name": "clicks", "partitions": 2, "replicationFactor": 2, "config": { "min.insync.replicas": "2" } }],
  "producers": [
    {
      "id": "p1", "topic": "clicks", "pace": { "kind": "rate", "perSecond": 10 },
      "tape": {
        "file": "a.csv", "origin": "bundled", "digest": "0123456789abcdef", "format": "csv", "timeColumn": "t"
      }
    }
  ],
  "applications": [
    {
      "id": "views", "instances": 2,
      "topology": [
        { "id": "s", "op": "stream", "topic": "clicks", "key": "string", "value": "json" },
        { "id": "o", "op": "to", "of": "s", "topic": "out" }
      ]
    }
  ],
  "groups": [{ "id": "dash", "topic": "out", "members": 1 }],
  "commands": [
    { "id": 1, "at": 5000000, "act": { "type": "crash", "node": "b2" } },
    { "id": 2, "at": 6000000, "act": { "type": "cut-link", "a": "b1", "b": "views-2" } }
  ]
}`;

type Json = Record<string, unknown>;
type Step = string | number;

/** The good scenario with one value put, or with `undefined` taken, at a place. */
function changed(path: readonly Step[], value: unknown): unknown {
  const scenario = JSON.parse(TEXT) as Json;
  let at = scenario;
  for (const step of path.slice(0, -1)) at = at[step] as Json;
  at[path.at(-1) ?? ''] = value;
  return scenario;
}

const at = (path: string): readonly Step[] =>
  path.split('/').map((step) => (/^\d+$/.test(step) ? Number(step) : step));

function sentence(value: unknown): string {
  const parsed = parseScenario(value);
  return parsed.ok ? 'no problem' : parsed.error.message;
}

const command = (act: Json): unknown => [{ id: 1, at: 1, act }];
const setting = (target: Json, key: string, value: string | null): unknown =>
  command({ type: 'set-config', target, key, value });

const BROKEN: readonly (readonly [path: string, value: unknown, message: string])[] = [
  ['format', 'kafka', 'format must be "millrace-scenario": this is something else.'],
  ['version', undefined, 'version is missing.'],
  ['version', 0.5, 'version must be a whole number from 1, not 0.5.'],
  ['version', 2, 'version is 2: the scenario was made by a newer version of Millrace.'],
  ['id', 'Two Words', 'id must be 1 to 32 lower case letters, digits and dashes, not "Two Words".'],
  ['name', undefined, 'name is missing.'],
  ['name', '', 'name must be 1 to 100 characters, not "".'],
  ['question', 'evil \u202etxt', 'question has an invisible or text-turning character, U+202E.'],
  ['notes', 'text', 'notes must be a list, not "text".'],
  ['seed', 1.5, 'seed must be a whole number from 0 to 4,294,967,295, not 1.5.'],
  ['seed', Number.POSITIVE_INFINITY, 'seed must be a finite number.'],
  [
    'startMs',
    '2015',
    'startMs must be a whole number from 0 to 253,402,300,799,999 (ms since 1970), not "2015".',
  ],
  ['lengthMs', 10, 'lengthMs must be a whole number from 1,000 to 86,400,000 (ms), not 10.'],
  ['sede', 7, 'sede is not a field that is known here; did you mean "seed"?'],
  [
    'toString',
    7,
    expect.stringMatching(
      /^toString is not a field that is known here; known are format, version, /,
    ) as string,
  ],
  ['brokers', [], 'brokers must have 1 to 12 entries, not 0.'],
  ['brokers', Array.from({ length: 13 }, (_, id) => ({ id })), 'brokers must have 1 to 12 entries, not 13.'],
  ['brokers/1/id', 1, 'brokers[1].id gives a second machine the id "b1".'],
  ['brokers/0/rack', 3, 'brokers[0].rack must be 1 to 32 characters, not 3.'],
  [
    'brokers/0/config',
    { 'metadata.log.dir': '/tmp' },
    'brokers[0].config["metadata.log.dir"] is a configuration key of Kafka that this model does not have.',
  ],
  ['brokerConfig', [], 'brokerConfig must be an object, not an empty list.'],
  [
    'brokerConfig',
    { 'broker.session.timeout.ms': '0' },
    'brokerConfig["broker.session.timeout.ms"] must be at least 1, not 0, in this model.',
  ],
  ['topics/0', null, 'topics[0] must be an object, not null.'],
  [
    'topics/0/partition',
    2,
    'topics[0].partition is not a field that is known here; did you mean "partitions"?',
  ],
  ['topics/0/partitions', 0, 'topics[0].partitions must be a whole number from 1 to 1,000, not 0.'],
  [
    'topics/0/replicationFactor',
    3,
    'topics[0].replicationFactor must be at most 2, the number of brokers, not 3.',
  ],
  [
    'topics/0/name',
    'a/b',
    'topics[0].name must be 1 to 249 letters, digits, dots, underscores and dashes, not "a/b".',
  ],
  [
    'topics/0/name',
    '__offsets',
    'topics[0].name must not begin with two underscores: Kafka’s own topics do.',
  ],
  [
    'topics/0/config',
    { 'min.insync.replicas': 2 },
    'topics[0].config["min.insync.replicas"] must be text of at most 300 characters, not 2.',
  ],
  [
    'topics/0/config',
    { 'min.insync.replica': '2' },
    'topics[0].config["min.insync.replica"] is not a configuration key that this model knows here; did you mean "min.insync.replicas"?',
  ],
  [
    'topics/0/config',
    { 'cleanup.policy': 'shred' },
    'topics[0].config["cleanup.policy"] must be one of compact, delete, not "shred".',
  ],
  [
    'topics/1',
    { name: 'clicks', partitions: 1, replicationFactor: 1 },
    'topics[1].name repeats the topic "clicks".',
  ],
  [
    'topics',
    [
      { name: 'a.b', partitions: 1, replicationFactor: 1 },
      { name: 'a_b', partitions: 1, replicationFactor: 1 },
    ],
    'topics[1].name "a_b" collides with "a.b": a dot and an underscore count as the same.',
  ],
  [
    'topics/1',
    { name: 'big', partitions: 999, replicationFactor: 1 },
    'topics have 1,001 partitions together; the most is 1,000.',
  ],
  ['controllers', 2, 'controllers must be 1 or 3, not 2.'],
  ['producers/0/id', 'b1', 'producers[0].id gives a second machine the id "b1".'],
  ['producers/0/id', 'operator', 'producers[0].id gives a second machine the id "operator".'],
  ['producers/0/id', 'views-1', 'applications[0].id gives a second machine the id "views-1".'],
  [
    'producers/0/topic',
    'click',
    'producers[0].topic names "click", which is no topic here; there is clicks.',
  ],
  ['producers/0/tape', undefined, 'producers[0].tape is missing.'],
  [
    'producers/0/tape/file',
    '../secret',
    'producers[0].tape.file must be a file name of 1 to 200 characters without slashes, not "../secret".',
  ],
  ['producers/0/tape/origin', 'web', 'producers[0].tape.origin must be "bundled" or "own", not "web".'],
  ['producers/0/pace', 'fast', 'producers[0].pace must be an object, not "fast".'],
  ['producers/0/pace', {}, 'producers[0].pace.kind is missing.'],
  [
    'producers/0/pace/kind',
    'slow',
    'producers[0].pace.kind must be one of "rate", "times", "max", not "slow".',
  ],
  ['producers/0/pace', { kind: 'rate' }, 'producers[0].pace.perSecond is missing.'],
  [
    'producers/0/pace',
    { kind: 'times', factor: 0, gapMaxMs: 0 },
    'producers[0].pace.factor must be a number from 0.001 to 1,000,000, not 0.',
  ],
  [
    'producers/0/config',
    { acks: '1', 'enable.idempotence': 'true' },
    'producers[0].config makes a client that Kafka refuses: Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
  ],
  ['producers/0/config', { acks: '2' }, 'producers[0].config.acks must be one of all, -1, 0, 1, not "2".'],
  ['applications/0/instances', 17, 'applications[0].instances must be a whole number from 1 to 16, not 17.'],
  [
    'applications/0/topology/0/key',
    'text',
    'applications[0].topology[0].key must be "string", "long" or "json", not "text".',
  ],
  [
    'applications/0/topology/0/colour',
    'red',
    'applications[0].topology[0].colour is not a field that is known here; known are op, id, named, key, value, extractor, offsetReset, topic, topics and pattern.',
  ],
  [
    'applications/0/topology/0/topic',
    'nowhere',
    'applications[0].topology[0].topic names "nowhere", which is no topic here; there are clicks and out.',
  ],
  [
    'applications/0/config',
    { 'group.id': 'x' },
    'applications[0].config["group.id"] is not a configuration key that this model knows here.',
  ],
  ['groups/0/id', 'views', 'groups[0].id repeats "views": applications and groups need ids of their own.'],
  [
    'groups/0/topic',
    'outt',
    'groups[0].topic names "outt", which is no topic here; there are clicks and out.',
  ],
  ['commands/1/id', 1, 'commands[1].id repeats the id 1 of an earlier command.'],
  ['commands/0/at', 0, 'commands[0].at must be a whole number from 1 to 86,400,000,000 (µs), not 0.'],
  [
    'commands/0/act/type',
    'explode',
    expect.stringMatching(/^commands\[0\]\.act\.type must be one of "crash", .*, not "explode"\.$/) as string,
  ],
  [
    'commands/0/act/node',
    'b9',
    'commands[0].act.node names "b9", which is no machine here; there are controller, b1, b2, p1, views-1, views-2 and dash-1.',
  ],
  ['commands/1/act/b', 'b1', 'commands[1].act.b must be another machine than a.'],
  [
    'commands',
    setting({ kind: 'topic', topic: 'nowhere' }, 'retention.ms', '1'),
    'commands[0].act.target.topic names "nowhere", which is no topic here; there are clicks and out.',
  ],
  [
    'commands',
    setting({ kind: 'client', node: 'controller' }, 'acks', '1'),
    'commands[0].act.target.node must be a client, which "controller" is not.',
  ],
  [
    'commands',
    setting({ kind: 'client', node: 'p1' }, 'ackz', '1'),
    'commands[0].act.key is "ackz", which is not a configuration key that this model knows here; did you mean "acks"?',
  ],
  [
    'commands',
    setting({ kind: 'broker', node: 'b1' }, 'message.max.bytes', 'many'),
    'commands[0].act.value must be a whole number, not "many".',
  ],
];

describe('a broken scenario', () => {
  test.each(BROKEN)('%s = %j', (path, value, message) => {
    expect(sentence(changed(at(path), value))).toEqual(message);
  });

  test.each([
    [null, 'The scenario must be an object, not null.'],
    [[1], 'The scenario must be an object, not a list.'],
    [new Date(0), 'The scenario is not plain JSON data.'],
    [
      JSON.parse('{"__proto__": {"polluted": true}}'),
      'The scenario has the field name "__proto__", which is not allowed.',
    ],
    [
      changed(
        ['notes'],
        Array.from({ length: 20_000 }, () => 'x'),
      ),
      expect.stringMatching(/^notes\[\d+\] is beyond 20,000 values/) as string,
    ],
    [
      changed(['topology'], JSON.parse(`${'['.repeat(12)}${']'.repeat(12)}`)),
      expect.stringMatching(/is nested deeper than 12 levels\.$/) as string,
    ],
    [changed(['name'], 'x'.repeat(2_049)), 'name has 2,049 characters; the most is 2,048.'],
  ])('%# as a whole', (value, message) => {
    expect(sentence(value)).toEqual(message);
  });
});

describe('a broken text', () => {
  test.each([
    ['', 'The text is not valid JSON: in line 1, a value is expected, not the end of the text.', 1, 1],
    [
      '{\n  "format": "x",\n}',
      'The text is not valid JSON: in line 3, there is a comma too many before }.',
      3,
      1,
    ],
    [
      "{\n 'format': 1}",
      'The text is not valid JSON: in line 2, a field name in double quotes is expected, not "\'".',
      2,
      2,
    ],
    ['{"a": 1 "b": 2}', 'The text is not valid JSON: in line 1, a comma or } is expected, not """.', 1, 9],
    ['{"a": 1, "a": 2}', 'The text is not valid JSON: in line 1, the field "a" is given twice.', 1, 10],
    [
      '{"a": undefined}',
      'The text is not valid JSON: in line 1, a value is expected, not "undefined".',
      1,
      7,
    ],
    [
      '{"constructor": 1}',
      'The text is not valid JSON: in line 1, the field name "constructor" is not allowed.',
      1,
      2,
    ],
    [
      '{"a": "x\n"}',
      'The text is not valid JSON: in line 1, a text in double quotes runs into the end of the line or a control character.',
      1,
      9,
    ],
    ['[1] 2', 'The text is not valid JSON: in line 1, there is more after the end: "2".', 1, 5],
    [
      '['.repeat(100_000),
      'The text is not valid JSON: in line 1, objects and lists are nested deeper than 12 levels.',
      1,
      13,
    ],
    [
      TEXT.replace('"seed": 7', '"seed": -7'),
      'seed must be a whole number from 0 to 4,294,967,295, not -7.',
      7,
      3,
    ],
    [
      TEXT.replace('"node": "b2"', '"node": "b7"'),
      expect.stringMatching(/^commands\[0\]\.act\.node names "b7"/) as string,
      31,
      57,
    ],
    [TEXT.replace('"perSecond": 10', ''), expect.stringContaining('a comma too many') as string, 14, 65],
  ])('%# has its place', (text, message, line, column) => {
    const parsed = parseScenarioText(text);
    expect(parsed).toEqual({
      ok: false,
      error: { message, path: expect.any(String) as string, line, column },
    });
  });

  test('a missing field is placed at what lacks it', () => {
    const parsed = parseScenarioText(TEXT.replace(', "pace": { "kind": "rate", "perSecond": 10 }', ''));
    expect(parsed).toEqual({
      ok: false,
      error: { message: 'producers[0].pace is missing.', path: 'producers[0].pace', line: 13, column: 5 },
    });
  });
});

describe('a good scenario', () => {
  test('has every default filled in and is frozen to the bottom', () => {
    const parsed = parseScenarioText(TEXT);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const { brokers, producers, groups, applications } = parsed.value;
    expect(brokers[1]).toEqual({ id: 2, rack: null, config: {} });
    expect(producers[0]?.tape).toMatchObject({ keyColumn: null, limit: 0 });
    expect(groups[0]?.workMicros).toBe(0);
    expect(Object.isFrozen(applications[0]?.topology[0])).toBe(true);
  });

  test('may set the configuration of an internal topic, and give a configuration back to its default', () => {
    const topic = { kind: 'topic', topic: 'views-counts-changelog' };
    expect(sentence(changed(['commands'], setting(topic, 'retention.ms', null)))).toBe('no problem');
  });

  test('is printed the same whatever order its fields had, and reads back as itself', () => {
    const parsed = parseScenarioText(TEXT);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const reversed = (value: unknown): unknown =>
      typeof value !== 'object' || value === null
        ? value
        : Array.isArray(value)
          ? value.map(reversed)
          : Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, part]) => [name, reversed(part)]),
            );
    const printed = printScenario(parsed.value);
    const again = parseScenario(reversed(parsed.value));
    expect(again).toEqual(parsed);
    expect(printScenario(reversed(parsed.value) as typeof parsed.value)).toBe(printed);
    expect(parseScenarioText(printed)).toEqual(parsed);
    expect(printed).toContain(
      '"brokers": [\n    { "id": 1, "rack": "a", "config": {} },\n    { "id": 2, "rack": null, "config": {} }\n  ],\n',
    );
  });
});
