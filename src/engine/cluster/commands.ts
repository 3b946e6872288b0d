import { OPERATOR_NODE } from '../api/ids.ts';
import { ANCHORS, WHO_COMES } from '../api/anchors.ts';
import { adminProblem, type AdminAct } from '../api/admin-act.ts';
import type { CommandAct, ConfigTarget, SetQuota } from '../api/command.ts';
import { consumerConfig, producerConfig, streamsInstanceConfig } from '../api/config/client-checks.ts';
import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { parseModelValue, type ConfigOverrides, type ConfigTable } from '../api/config/config-key.ts';
import { SHARE_CONSUMER_CONFIG, shareConsumerConfig } from '../api/config/share-consumer-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from '../api/config/client-config.ts';
import { GROUP_CONFIG } from '../api/config/group-config.ts';
import { TOPIC_CONFIG } from '../api/config/topic-config.ts';
import { quotaProblem } from '../api/quota.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { Result } from '../base/result.ts';
import { wipeDisk } from '../sim/disk-loss.ts';
import type { Kernel } from '../sim/kernel.ts';
import { performOnDirectory, refuseDirectory } from './directory-acts.ts';
import { refuseQuery, sendQuery } from './query-acts.ts';
import { refuseThread } from './thread-acts.ts';
import type { AlterConfigSignal, UseToolSignal } from './operator-program.ts';

/** What every program's configuration carries: the values written for it. */
interface WithOverrides {
  readonly overrides: ConfigOverrides;
}

const TABLES: Readonly<Record<string, ConfigTable>> = {
  broker: BROKER_CONFIG,
  producer: PRODUCER_CONFIG,
  consumer: CONSUMER_CONFIG,
  'share-consumer': SHARE_CONSUMER_CONFIG,
  'streams-instance': STREAMS_CONFIG,
};

/** Why an act makes no sense now, as one sentence, or undefined. */
export function refusal(kernel: Kernel, act: CommandAct): string | undefined {
  switch (act.type) {
    case 'crash':
    case 'power-off':
    case 'shut-down':
      return unknownNode(kernel, act.node) ?? wrongStatus(kernel, act.node, 'down', 'is already down');
    case 'wipe-disk':
      return unknownNode(kernel, act.node) ?? refuseWipe(kernel, act.node);
    case 'crash-at':
      return unknownNode(kernel, act.node) ?? refuseAnchor(kernel, act);
    case 'pause':
      return unknownNode(kernel, act.node) ?? mustBe(kernel, act.node, 'up', 'is not running');
    case 'resume':
      return unknownNode(kernel, act.node) ?? mustBe(kernel, act.node, 'paused', 'is not paused');
    case 'start':
      return unknownNode(kernel, act.node) ?? mustBe(kernel, act.node, 'down', 'is already running');
    case 'fail-log-dir':
    case 'repair-log-dir':
      return unknownNode(kernel, act.node) ?? refuseDirectory(kernel, act);
    case 'cut-link':
    case 'heal-link':
    case 'slow-link':
      if (act.a === act.b) return `A link needs two machines, not ${act.a} twice.`;
      return unknownNode(kernel, act.a) ?? unknownNode(kernel, act.b);
    case 'set-config':
      return refuseConfig(kernel, act.target, act.key, act.value);
    case 'add-stream-thread':
    case 'remove-stream-thread':
      return unknownNode(kernel, act.node) ?? refuseThread(kernel, act.type, act.node);
    case 'set-quota':
      return refuseQuota(act);
    case 'query':
      return refuseQuery(kernel, act);
    default:
      return refuseTool(act);
  }
}

const REPLACEABLE: readonly string[] = ['broker', 'streams-instance'];

/** The set of voters is fixed, so an empty controller would vote again on what it has voted on (KIP-853 is what helps). */
function refuseWipe(kernel: Kernel, node: string): string | undefined {
  if (REPLACEABLE.includes(kernel.slot(node).program)) return undefined;
  return `Only the disk of a broker or of an instance of an application can be replaced, and ${node} is none.`;
}

function refuseAnchor(
  kernel: Kernel,
  { node, anchor }: CommandAct & { type: 'crash-at' },
): string | undefined {
  const program = ANCHORS[anchor];
  if (kernel.slot(node).program === program) return undefined;
  return `Only ${WHO_COMES[program]} come to the step ${anchor}, and ${node} is none.`;
}

/** Only what no tool would take: anything else is the cluster's to refuse. */
function refuseTool(act: AdminAct): string | undefined {
  const what = adminProblem(act);
  return what === null ? undefined : `${act.type} ${what}`;
}

function refuseQuota(act: SetQuota): string | undefined {
  const what = quotaProblem(act, act);
  return what === null ? undefined : `A quota ${what}`;
}

const unknownNode = (kernel: Kernel, node: string): string | undefined =>
  kernel.state.nodes.has(node) ? undefined : `There is no machine ${node}.`;

const wrongStatus = (kernel: Kernel, node: string, status: string, why: string): string | undefined =>
  kernel.slot(node).status === status ? `${node} ${why}.` : undefined;

const mustBe = (kernel: Kernel, node: string, status: string, why: string): string | undefined =>
  kernel.slot(node).status === status ? undefined : `${node} ${why}.`;

function refuseConfig(
  kernel: Kernel,
  target: ConfigTarget,
  key: string,
  value: string | null,
): string | undefined {
  const missing = 'node' in target ? unknownNode(kernel, target.node) : undefined;
  if (missing !== undefined) return missing;
  const table = configTable(kernel, target);
  const definition = table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
  if (definition === undefined) return `${key} is not a configuration key this model knows here.`;
  const parsed = value === null ? undefined : parseModelValue(key, definition, value);
  if (parsed?.ok === false) return `${key} ${parsed.error.plain}`;
  return target.kind === 'client' ? contradiction(kernel, target.node, key, value) : undefined;
}

/** What Kafka says when the client starts next with this value beside those that it has. */
function contradiction(kernel: Kernel, node: string, key: string, value: string | null): string | undefined {
  const slot = kernel.slot(node);
  const { overrides } = withOverride(slot.config as WithOverrides, key, value);
  const checked = CLIENTS[slot.program]?.(overrides);
  if (checked?.ok !== false) return undefined;
  return `Kafka would refuse to start ${node} with it: ${checked.error}${checked.error.endsWith('.') ? '' : '.'}`;
}

const CLIENTS: Readonly<Record<string, (overrides: ConfigOverrides) => Result<unknown, string>>> = {
  producer: producerConfig,
  consumer: consumerConfig,
  'share-consumer': shareConsumerConfig,
  'streams-instance': streamsInstanceConfig,
};

function configTable(kernel: Kernel, target: ConfigTarget): ConfigTable | undefined {
  if (target.kind === 'topic') return TOPIC_CONFIG;
  if (target.kind === 'group') return GROUP_CONFIG;
  if (target.kind === 'brokers') return BROKER_CONFIG;
  return TABLES[kernel.slot(target.node).program];
}

/** Executes an act, now. An act that has become pointless (its node is already down) does nothing, and the trace says so. */
export function applyAct(kernel: Kernel, act: CommandAct): void {
  const why = refusal(kernel, act);
  const node = why === undefined ? nodeOf(act) : OPERATOR_NODE;
  const data: TraceEventData = why === undefined ? { type: 'command', act } : { type: 'act-refused', why };
  kernel.act(node, data, () => {
    if (why === undefined) perform(kernel, act);
  });
}

/** The machine that an act is told of: its own, or the operator's. */
function nodeOf(act: CommandAct): string {
  if ('node' in act) return act.node;
  return 'a' in act ? act.a : OPERATOR_NODE;
}

function perform(kernel: Kernel, act: CommandAct): void {
  switch (act.type) {
    case 'crash':
    case 'power-off':
      kernel.stop(act.node, { powerLoss: act.type === 'power-off' });
      return;
    case 'wipe-disk':
      kernel.stop(act.node, { powerLoss: true });
      wipeDisk(kernel.slot(act.node).disk);
      return;
    case 'crash-at':
      kernel.arm(act.node, act.anchor, act.passes);
      return;
    case 'shut-down':
      kernel.signal(act.node, { type: 'terminate' });
      return;
    case 'add-stream-thread':
    case 'remove-stream-thread':
      kernel.signal(act.node, { type: act.type });
      return;
    case 'start':
      kernel.start(act.node);
      return;
    case 'fail-log-dir':
    case 'repair-log-dir':
      performOnDirectory(kernel, act);
      return;
    case 'pause':
      kernel.pause(act.node);
      return;
    case 'resume':
      kernel.resume(act.node);
      return;
    case 'cut-link':
    case 'heal-link':
      kernel.setLinkCut(act.a, act.b, act.type === 'cut-link');
      return;
    case 'slow-link':
      kernel.setLinkDelay(act.a, act.b, act.extraMicros);
      return;
    case 'set-quota':
      kernel.signal(OPERATOR_NODE, Object.freeze({ ...act, type: 'alter-quota' }));
      return;
    case 'set-config':
      setConfig(kernel, act);
      return;
    case 'query':
      sendQuery(kernel, act);
      return;
    default:
      kernel.signal(OPERATOR_NODE, Object.freeze<UseToolSignal>({ type: 'use-tool', act }));
  }
}

/** Dynamic keys go through the cluster's own admin request; the others are written for the next start. */
function setConfig(kernel: Kernel, act: Extract<CommandAct, { type: 'set-config' }>): void {
  const { target, key, value } = act;
  const dynamic = configTable(kernel, target)?.[key]?.update === 'dynamic';
  if (dynamic && target.kind !== 'client') {
    const signal: AlterConfigSignal = { type: 'alter-config', target, key, value };
    kernel.signal(OPERATOR_NODE, Object.freeze(signal));
    return;
  }
  for (const slot of kernel.state.nodes.values()) {
    const meant = 'node' in target ? slot.id === target.node : slot.program === 'broker';
    if (meant) slot.config = withOverride(slot.config as WithOverrides, key, value);
  }
}

function withOverride(config: WithOverrides, key: string, value: string | null): WithOverrides {
  const overrides = { ...config.overrides };
  if (value === null) delete overrides[key];
  else overrides[key] = value;
  return Object.freeze({ ...config, overrides: Object.freeze(overrides) });
}
