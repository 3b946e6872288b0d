import type { Scenario, TopologyNode } from './scenario.ts';

/** Fields in the order of the schema; any other field comes after them, by name. */
const ORDER: ReadonlyMap<string, number> = new Map(
  (
    'file origin digest format version id op of kind type name question notes seed startMs lengthMs rack topic topicsPattern partitions user clientId ip ' +
    'replicationFactor tape pace transactions timeColumn keyColumn limit tombstones column perSecond factor gapMaxMs records everyMs abortEvery instances ' +
    'members topology workMicros staticMembers onUncaughtException work output outcomes rejectEvery poisonEvery releaseEvery slowEvery slowMs renew at act disabled node a b extraMicros target key value group partition offset brokers controllers features before brokerConfig requestMicros produce fetch other coordinatorLoadMicros topics quotas ' +
    'producers applications groups shareGroups commands config'
  )
    .split(' ')
    .map((field, i) => [field, i]),
);

const LINE_MAX = 110;

/**
 * The canonical text of a scenario: the same for scenarios that mean the same, whatever order their fields were in, and
 * read back as the same scenario. What fits stands on one line.
 */
export const printScenario = (scenario: Scenario): string => `${broken(scenario, '')}\n`;

/** The text of a topology, a node a line. */
export const printTopology = (topology: readonly TopologyNode[]): string =>
  `[\n${topology.map((node) => `  ${flat(node)}`).join(',\n')}\n]\n`;

/** The canonical JSON of any plain value, without blanks. */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value));

function broken(value: unknown, indent: string): string {
  const line = flat(value);
  if (typeof value !== 'object' || value === null || fits(value, line, indent)) return line;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map((item: unknown) => broken(item, inner))
    : fieldsOf(value).map(([name, part]) => `${JSON.stringify(name)}: ${broken(part, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  return entries.length === 0
    ? line
    : `${open}\n${entries.map((e) => inner + e).join(',\n')}\n${indent}${close}`;
}

/** Whether a value may stand on one line. The whole does not, and of several objects each has its own. */
function fits(value: object, line: string, indent: string): boolean {
  const isTable = Array.isArray(value) && value.length > 1 && value.every((item) => typeof item === 'object');
  return indent !== '' && !isTable && indent.length + line.length <= LINE_MAX;
}

function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  const fields = fieldsOf(value).map(([name, part]) => `${JSON.stringify(name)}: ${flat(part)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.fromEntries(fieldsOf(value).map(([name, part]) => [name, ordered(part)]));
}

function fieldsOf(value: object): readonly (readonly [string, unknown])[] {
  const rank = (name: string): number => ORDER.get(name) ?? ORDER.size;
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
