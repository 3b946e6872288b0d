import { BROKER_CONFIG } from './config/broker-config.ts';
import { consumerConfig, producerConfig, streamsInstanceConfig } from './config/client-checks.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from './config/client-config.ts';
import {
  refusedInShareGroup,
  SHARE_CONSUMER_CONFIG,
  shareConsumerConfig,
} from './config/share-consumer-config.ts';
import { parseModelValue, type ConfigOverrides, type ConfigTable } from './config/config-key.ts';
import { isKeyNotModelled } from './config/known-keys/known-keys.ts';
import { GROUP_CONFIG } from './config/group-config.ts';
import { TOPIC_CONFIG } from './config/topic-config.ts';
import type { Result } from '../base/result.ts';
import type { GroupSpec, Scenario, ShareGroupSpec, TapeSpec } from './scenario.ts';
import type { Fault } from './scenario-guard.ts';
import { nearest, quoted, type Path } from './scenario-problem.ts';

/** Keys that nobody has and values that a key does not take, in all configurations of a scenario. */
export function* configurationMisfits(scenario: Scenario): Generator<Fault> {
  yield* configuration(scenario.brokerConfig, BROKER_CONFIG, ['brokerConfig']);
  const sets: readonly (readonly [string, ConfigTable, readonly { readonly config: ConfigOverrides }[]])[] = [
    ['brokers', BROKER_CONFIG, scenario.brokers],
    ['topics', TOPIC_CONFIG, scenario.topics],
    ['producers', PRODUCER_CONFIG, scenario.producers],
    ['applications', STREAMS_CONFIG, scenario.applications],
    ['groups', CONSUMER_CONFIG, scenario.groups],
  ];
  for (const [field, table, specs] of sets)
    for (const [i, { config }] of specs.entries()) yield* configuration(config, table, [field, i, 'config']);
  for (const [i, { config }] of scenario.producers.entries())
    yield* contradiction(producerConfig(config), ['producers', i, 'config']);
  for (const [i, { config, transactions }] of scenario.producers.entries())
    if (transactions !== undefined && config['transactional.id'] === undefined)
      yield {
        path: ['producers', i, 'transactions'],
        what: `needs a transactional.id in the producer’s config.`,
      };
  for (const [i, { tape }] of scenario.producers.entries()) yield* tombstoneMisfits(tape, i);
  for (const [i, { config }] of scenario.applications.entries())
    yield* contradiction(streamsInstanceConfig(config), ['applications', i, 'config']);
  for (const [i, { config }] of scenario.groups.entries())
    yield* contradiction(consumerConfig(config), ['groups', i, 'config']);
  for (const [i, group] of (scenario.shareGroups ?? []).entries())
    yield* shareMisfits(group, ['shareGroups', i]);
  for (const [field, groups] of [
    ['groups', scenario.groups],
    ['shareGroups', scenario.shareGroups ?? []],
  ] as const)
    for (const [i, { groupConfig = {} }] of groups.entries())
      yield* configuration(groupConfig, GROUP_CONFIG, [field, i, 'groupConfig']);
  for (const [i, group] of scenario.groups.entries()) {
    yield* outputMisfits(group, ['groups', i]);
    yield* callMisfits(group, ['groups', i]);
  }
}

function* tombstoneMisfits({ origin, keyColumn, tombstones }: TapeSpec, i: number): Generator<Fault> {
  const path = ['producers', i, 'tape', 'tombstones'];
  if (tombstones === undefined) return;
  if (origin === 'own')
    yield { path, what: 'cannot be given for a file of your own: its records are kept as they were read.' };
  if (keyColumn === null)
    yield { path, what: 'needs a keyColumn: without a key there is nothing to take away.' };
}

/** A member that writes commits what it has read in its transactions. */
function* outputMisfits({ output, work }: GroupSpec, path: Path): Generator<Fault> {
  if (output === undefined) return;
  const own = [...path, 'output', 'config'];
  yield* configuration(output.config, PRODUCER_CONFIG, own);
  if (Object.hasOwn(output.config, 'transactional.id'))
    yield { path: [...own, 'transactional.id'], what: 'cannot be given: it is the machine of each member.' };
  yield* contradiction(producerConfig({ ...output.config, 'transactional.id': 'member' }), own);
  if (work !== undefined)
    yield {
      path: [...path, 'work'],
      what: 'cannot be "in-worker" with an output: the thread that polls writes it, in its transaction.',
    };
}

/** Whoever calls is done with a record when the call has ended: by itself, and not in a transaction. */
function* callMisfits({ calls, work, output }: GroupSpec, path: Path): Generator<Fault> {
  if (calls === undefined || (work === undefined && output === undefined)) return;
  const other = work === undefined ? 'an output' : 'work "in-worker"';
  yield { path: [...path, 'calls'], what: `cannot be given with ${other}.` };
}

function* shareMisfits({ config, outcomes = {} }: ShareGroupSpec, path: Path): Generator<Fault> {
  const refused = refusedInShareGroup(config);
  if (refused !== null)
    yield { path: [...path, 'config'], what: `makes a client that Kafka refuses: ${refused}` };
  yield* configuration(config, SHARE_CONSUMER_CONFIG, [...path, 'config']);
  const parsed = shareConsumerConfig(config);
  yield* contradiction(parsed, [...path, 'config']);
  const isImplicit = parsed.ok && parsed.value['share.acknowledgement.mode'] === 'implicit';
  for (const field of NEEDS_EXPLICIT)
    if (isImplicit && outcomes[field] !== undefined)
      yield {
        path: [...path, 'outcomes', field],
        what: 'needs "share.acknowledgement.mode": "explicit" in the group’s config: else the next poll accepts all records.',
      };
  if ((outcomes.slowEvery === undefined) !== (outcomes.slowMs === undefined))
    yield { path: [...path, 'outcomes'], what: 'must say both slowEvery and slowMs, or neither of them.' };
}

const NEEDS_EXPLICIT = ['rejectEvery', 'poisonEvery', 'releaseEvery', 'renew'] as const;

function* contradiction(checked: Result<unknown, string>, path: Path): Generator<Fault> {
  if (!checked.ok) yield { path, what: `makes a client that Kafka refuses: ${checked.error}` };
}

function* configuration(config: ConfigOverrides, table: ConfigTable, path: Path): Generator<Fault> {
  for (const key of Object.keys(config).sort()) {
    const what = misconfigured(table, key, config[key] ?? '');
    if (what !== null) yield { path: [...path, key], what };
  }
}

/** The end of a sentence that begins with the place; null when the key takes the value. */
export function misconfigured(table: ConfigTable, key: string, written: string): string | null {
  const definition = Object.hasOwn(table, key) ? table[key] : undefined;
  if (definition === undefined) return unknownKey(table, key);
  const parsed = parseModelValue(key, definition, written);
  return parsed.ok ? null : parsed.error.plain;
}

function unknownKey(table: ConfigTable, key: string): string {
  if (isKeyNotModelled(table, key)) return 'is a configuration key of Kafka that this model does not have.';
  const meant = nearest(key, Object.keys(table));
  const hint = meant === undefined ? '.' : `; did you mean ${quoted(meant)}?`;
  return `is not a configuration key that this model knows here${hint}`;
}
