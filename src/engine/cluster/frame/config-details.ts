import type { ConfigTarget } from '../../api/command.ts';
import { BROKER_CONFIG } from '../../api/config/broker-config.ts';
import { consumerConfig, producerConfig, streamsInstanceConfig } from '../../api/config/client-checks.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from '../../api/config/client-config.ts';
import { SHARE_CONSUMER_CONFIG, shareConsumerConfig } from '../../api/config/share-consumer-config.ts';
import {
  configText,
  type ConfigKey,
  type ConfigLimits,
  type ConfigOverrides,
  type ConfigTable,
  type ConfigValue,
} from '../../api/config/config-key.ts';
import { BROKER_EFFECTS } from '../../api/config/effects/broker-effects.ts';
import {
  CONSUMER_EFFECTS,
  PRODUCER_EFFECTS,
  STREAMS_EFFECTS,
} from '../../api/config/effects/client-effects.ts';
import { SHARE_CONSUMER_EFFECTS } from '../../api/config/effects/share-consumer-effects.ts';
import type { ConfigSet } from '../../api/config/known-keys/known-keys.ts';
import { GROUP_EFFECTS } from '../../api/config/effects/group-effects.ts';
import { GROUP_CONFIG } from '../../api/config/group-config.ts';
import { TOPIC_EFFECTS } from '../../api/config/effects/topic-effects.ts';
import { TOPIC_CONFIG } from '../../api/config/topic-config.ts';
import type { ConfigDetail, ConfigRow } from '../../api/detail.ts';
import { ensure } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import { effectiveTopicConfig, groupConfigInForce } from '../../broker/effective-config.ts';
import { brokerOverrides, groupOverrides, topicOverrides } from '../../metadata/metadata-image.ts';
import type { ConsumerMemory } from '../../client/programs/consumer-memory.ts';
import type { ShareReaderMemory } from '../../client/programs/share-reader-state.ts';
import type { ProducerMemory } from '../../client/programs/producer-program.ts';
import { streamsSettings } from '../../streams/runtime/instance-config.ts';
import type { StreamsMemory } from '../../streams/runtime/instance-memory.ts';
import type { NodeSlot } from '../../sim/kernel-state.ts';
import type { World } from '../world.ts';

/** What each key does, one sentence. */
type Effects = Readonly<Record<string, string>>;

/** Where the values of an entity's configuration come from. */
interface ConfigSource {
  readonly keys: ConfigSet;
  readonly table: ConfigTable;
  readonly effects: Effects;
  readonly target: ConfigTarget;
  /** In force now, by key. */
  readonly inForce: Readonly<Record<string, ConfigValue>>;
  /** In force after the next start, by key. */
  readonly next: Readonly<Record<string, ConfigValue>>;
  /** Keys that somebody set, dynamically or in a file. */
  readonly set: ReadonlySet<string>;
}

/** The configuration of a machine, a topic or a partition's topic; empty for what has none. */
export function configDetail(world: World, id: string): ConfigDetail {
  const source = sourceOf(world, id);
  const rows =
    source === undefined
      ? []
      : Object.keys(source.table)
          .sort()
          .map((key) => row(source, key));
  return { what: 'config', id, set: source?.keys ?? null, rows };
}

function sourceOf(world: World, id: string): ConfigSource | undefined {
  if (id.startsWith('group:')) return groupSource(world, id.slice('group:'.length));
  return id.includes(':') ? topicSource(world, id) : nodeSource(world, id);
}

function row({ table, effects, target, inForce, next, set }: ConfigSource, key: string): ConfigRow {
  const definition = table[key] as ConfigKey;
  const limits: ConfigLimits = { ...definition, ...definition.model };
  const value = shown(key, inForce[key] ?? definition.default);
  const later = definition.update === 'restart' ? shown(key, next[key] ?? definition.default) : value;
  return {
    key,
    value,
    pending: later === value ? null : later,
    default: configText(definition.default),
    unit: definition.unit,
    changed: set.has(key) && value !== configText(definition.default),
    update: definition.update,
    effect: ensure(effects[key], `effect of ${key}`),
    allowed: definition.type === 'BOOLEAN' ? ['true', 'false'] : (limits.allowed ?? []),
    min: limits.min ?? null,
    max: limits.max ?? null,
    target,
  };
}

/** `acks` is kept as the number that requests carry, and told by the word that people write. */
const shown = (key: string, value: ConfigValue): string =>
  key === 'acks' && value === '-1' ? 'all' : configText(value);

const BROKER = { keys: 'broker', table: BROKER_CONFIG, effects: BROKER_EFFECTS } as const;

const TABLES: Readonly<Record<string, Pick<ConfigSource, 'keys' | 'table' | 'effects'>>> = {
  broker: BROKER,
  controller: BROKER,
  producer: { keys: 'producer', table: PRODUCER_CONFIG, effects: PRODUCER_EFFECTS },
  consumer: { keys: 'consumer', table: CONSUMER_CONFIG, effects: CONSUMER_EFFECTS },
  'share-consumer': { keys: 'consumer', table: SHARE_CONSUMER_CONFIG, effects: SHARE_CONSUMER_EFFECTS },
  'streams-instance': { keys: 'streams', table: STREAMS_CONFIG, effects: STREAMS_EFFECTS },
};

function nodeSource(world: World, node: string): ConfigSource | undefined {
  const slot = world.kernel.state.nodes.get(node);
  const tables = slot === undefined ? undefined : TABLES[slot.program];
  if (slot === undefined || tables === undefined) return undefined;
  const written = (slot.config as { readonly overrides: ConfigOverrides }).overrides;
  if (slot.program !== 'broker') {
    const next = configAtStart(slot.program, written);
    const inForce = configInForce(slot) ?? next;
    return {
      ...tables,
      target: { kind: 'client', node },
      inForce,
      next,
      set: new Set(Object.keys(inForce)),
    };
  }
  const brokerId = Number(node.slice(1));
  const dynamic = { ...brokerOverrides(world.image(), null), ...brokerOverrides(world.image(), brokerId) };
  return {
    ...tables,
    target: { kind: 'broker', node },
    inForce: world.broker(brokerId)?.config ?? written,
    next: written,
    set: new Set([...Object.keys(written), ...Object.keys(dynamic)]),
  };
}

/** What a client would be started with now: some values follow from others. */
function configAtStart(program: string, written: ConfigOverrides): Readonly<Record<string, ConfigValue>> {
  const checked = CHECKS[program]?.(written);
  return checked?.ok === true ? checked.value : written;
}

const CHECKS: Readonly<
  Record<string, (written: ConfigOverrides) => Result<Readonly<Record<string, ConfigValue>>, string>>
> = {
  producer: producerConfig,
  consumer: consumerConfig,
  'share-consumer': shareConsumerConfig,
  'streams-instance': streamsInstanceConfig,
};

/** What a running client was started with. */
function configInForce({ program, memory }: NodeSlot): Readonly<Record<string, ConfigValue>> | undefined {
  if (memory === undefined) return undefined;
  if (program === 'producer') return (memory as ProducerMemory).producer.config;
  if (program === 'consumer') return (memory as ConsumerMemory).consumer.config;
  if (program === 'share-consumer') return (memory as ShareReaderMemory).consumer.config;
  return program === 'streams-instance'
    ? streamsSettings((memory as StreamsMemory).config.overrides)
    : undefined;
}

function groupSource(world: World, group: string): ConfigSource {
  const up = firstUp(world);
  const own = groupOverrides(world.image(), group);
  return {
    keys: 'group',
    table: GROUP_CONFIG,
    effects: GROUP_EFFECTS,
    target: { kind: 'group', group },
    inForce: up === undefined ? own : groupConfigInForce(up, group),
    next: {},
    set: new Set(Object.keys(own)),
  };
}

const firstUp = (world: World): BrokerMemory | undefined =>
  world.scenario.brokers.map((spec) => world.broker(spec.id)).find((memory) => memory !== undefined);

function topicSource(world: World, id: string): ConfigSource | undefined {
  const [kind = '', name = ''] = id.split(':');
  const topic = kind === 'partition' ? name.slice(0, name.lastIndexOf('-')) : name;
  if ((kind !== 'topic' && kind !== 'partition') || !world.image().topics.has(topic)) return undefined;
  const up = firstUp(world);
  const overrides = topicOverrides(world.image(), topic);
  return {
    keys: 'topic',
    table: TOPIC_CONFIG,
    effects: TOPIC_EFFECTS,
    target: { kind: 'topic', topic },
    inForce: up === undefined ? overrides : effectiveTopicConfig(up, topic),
    next: {},
    set: new Set(Object.keys(overrides)),
  };
}
