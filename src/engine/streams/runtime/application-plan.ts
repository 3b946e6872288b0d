import type { StreamsConfig } from '../../api/config/client-config.ts';
import { streamsConfig } from '../config.ts';
import { UnknownFunctionError } from '../functions/function-spec.ts';
import { StreamsError } from '../task/streams-error.ts';
import { buildTopology, type BuiltTopology, type SubTopology } from '../topology/build-topology.ts';
import type { Topology } from '../topology/topology-node.ts';
import { streamsSettings, type StreamsInstanceConfig } from './instance-config.ts';
import { windowedStores, type WindowedStore } from './windowed-stores.ts';

/** An application as code and settings: follows from its configuration alone. */
export interface ApplicationPlan {
  readonly topology: BuiltTopology;
  readonly settings: StreamsConfig;
  /** `processing.guarantee` is exactly_once_v2. */
  readonly exactlyOnce: boolean;
  /** Topics read by tasks, ascending. */
  readonly sourceTopics: readonly string[];
  /** Which sub-topology reads a topic. */
  readonly readerOf: ReadonlyMap<string, SubTopology>;
  /** Names of all changelogs. */
  readonly changelogs: ReadonlySet<string>;
  /** Store → its windows. */
  readonly windowed: ReadonlyMap<string, WindowedStore>;
}

/** Only a memo, by the frozen configuration that all forks of an instance share. */
const plans = new WeakMap<StreamsInstanceConfig, ApplicationPlan>();

/**
 * The plan of an application. Throws a `StreamsError` for a topology that cannot be built. Not run by instances, so
 * refused here: sources that subscribe to a pattern.
 */
export function planOf(config: StreamsInstanceConfig): ApplicationPlan {
  let plan = plans.get(config);
  if (plan === undefined) {
    plan = makePlan(config);
    plans.set(config, plan);
  }
  return plan;
}

/** Why instances cannot run this application, in one sentence; null if they can. */
export function applicationProblem(config: StreamsInstanceConfig): string | null {
  try {
    planOf(config);
    return null;
  } catch (error) {
    if (error instanceof StreamsError || error instanceof UnknownFunctionError) return error.message;
    throw error;
  }
}

const notRun = (what: string): StreamsError =>
  new StreamsError('UnsupportedOperationException', `Applications here do not run ${what}.`);

/** A class by the end of its full name. */
const endOf = (name: string): string => name.replace(/^.*[.$]/, '');

function makePlan({ applicationId, topology: nodes, overrides }: StreamsInstanceConfig): ApplicationPlan {
  const settings = streamsSettings(overrides);
  const config = streamsConfig({
    'application.id': applicationId,
    'statestore.cache.max.bytes': String(settings['statestore.cache.max.bytes']),
    'commit.interval.ms': String(settings['commit.interval.ms']),
    'processing.guarantee': settings['processing.guarantee'],
    'default.timestamp.extractor': endOf(settings['default.timestamp.extractor']),
    'deserialization.exception.handler': endOf(settings['deserialization.exception.handler']),
    'processing.exception.handler': endOf(settings['processing.exception.handler']),
    'errors.dead.letter.queue.topic.name': settings['errors.dead.letter.queue.topic.name'] ?? '',
    'topology.optimization': settings['topology.optimization'],
    'ensure.explicit.internal.resource.naming': String(settings['ensure.explicit.internal.resource.naming']),
    'dsl.store.suppliers.class': endOf(settings['dsl.store.suppliers.class']),
  });
  const topology = buildTopology(nodes as unknown as Topology, { config, topologyConfig: true });
  const readerOf = new Map<string, SubTopology>();
  for (const part of topology.subTopologies) {
    if (part.patterns.length > 0) throw notRun('sources that subscribe to a pattern');
    for (const topic of part.sourceTopics) readerOf.set(topic, part);
  }
  const sourceTopics = [...readerOf.keys()].sort();
  const exactlyOnce = settings['processing.guarantee'] === 'exactly_once_v2';
  const windowed = windowedStores(nodes, topology);
  const changelogs = new Set(
    topology.subTopologies.flatMap(({ stores, changelogOf }) =>
      stores.filter(({ logging }) => logging).map(({ name }) => changelogOf(name)),
    ),
  );
  return { topology, settings, exactlyOnce, sourceTopics, readerOf, changelogs, windowed };
}
