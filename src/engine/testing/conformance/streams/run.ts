import { streamsConfig, type StreamsProperties } from '../../../streams/config.ts';
import { causesOf, StreamsError } from '../../../streams/task/streams-error.ts';
import { TopologyDataError } from '../../../streams/dsl/scope.ts';
import { UnknownFunctionError } from '../../../streams/functions/function-spec.ts';
import { bytesOf, headersOf } from '../../../streams/test-driver/driver-values.ts';
import { listStore, type Piped } from '../../../streams/test-driver/store-listing.ts';
import { typesOf } from '../../../streams/test-driver/topology-figure.ts';
import { newDriverState, TopologyTestDriver } from '../../../streams/test-driver/topology-test-driver.ts';
import { buildTopology, type BuiltTopology } from '../../../streams/topology/build-topology.ts';
import type { Topology } from '../../../streams/topology/topology-node.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { Recording } from './recording.ts';

/** Where the harness that recorded the cases differs from Kafka's own defaults. */
const HARNESS_DEFAULTS: StreamsProperties = { 'application.id': 'app', 'statestore.cache.max.bytes': '0' };

/** What there is to see of a driver that could not be made. */
const NOTHING_DONE: JsonObject = {
  outputs: [],
  metrics: { 'dropped-records-total': 0, 'punctuate-total': 0 },
  internal: {},
};

type Mutable = Record<string, Json | undefined>;

/** What the engine answers to one case, in the form of the recorded answer. */
export function runStreamsCase(given: JsonObject, extra: StreamsProperties = {}): JsonObject {
  onlyFields(given, ['config', 'topologyConfig', 'startTime', 'topology', 'steps'], 'given');
  const properties = { ...HARNESS_DEFAULTS, ...(given.config as StreamsProperties | undefined), ...extra };
  const answer: Mutable = {};
  const built = attempt(answer, 'build', () =>
    buildTopology(given.topology as unknown as Topology, {
      config: streamsConfig(properties),
      topologyConfig: given.topologyConfig === true,
    }),
  );
  if (built === undefined) return answer;
  answer.describe = built.description;
  const recording = new Recording();
  const startTime = given.startTime === undefined ? 0 : numberOf(given.startTime, 'startTime');
  const driver = attempt(answer, 'start', () => new TopologyTestDriver(built, newDriverState(built, startTime), recording));
  if (driver === undefined) return { ...answer, ...NOTHING_DONE };
  runSteps(answer, { built, driver, recording }, listOf(given.steps, 'steps'));
  return answer;
}

interface Running {
  readonly built: BuiltTopology;
  readonly driver: TopologyTestDriver;
  readonly recording: Recording;
}

function runSteps(answer: Mutable, running: Running, steps: readonly Json[]): void {
  const { driver, recording, built } = running;
  const outputs: Json[] = [];
  const keys: unknown[] = [];
  const times: number[] = [];
  for (const [index, json] of steps.entries()) {
    const step = objectOf(json, 'step');
    const done = attempt(answer, 'step', () => runStep(running, step, { keys, times }) ?? true, index);
    outputs.push(recording.takeOutputs(built));
    if (done === undefined) break;
  }
  answer.outputs = outputs;
  answer.metrics = {
    'dropped-records-total': driver.droppedRecords(),
    'punctuate-total': driver.punctuateTotal(),
  };
  answer.internal = recording.internal(built);
  if (answer.error === undefined) answer.stores = listStores(driver, { keys, times });
}

function runStep({ built, driver }: Running, step: JsonObject, piped: { keys: unknown[]; times: number[] }): void {
  if (step.advanceWallClock !== undefined) {
    onlyFields(step, ['advanceWallClock'], 'step');
    driver.advanceWallClock(numberOf(step.advanceWallClock, 'advanceWallClock'));
    return;
  }
  onlyFields(step, ['pipe', 'key', 'value', 'ts', 'headers'], 'step');
  const topic = textOf(step.pipe, 'pipe');
  const timestamp = numberOf(step.ts, 'ts');
  const types = typesOf(built, topic);
  if (step.key !== null) piped.keys.push(step.key);
  piped.times.push(timestamp);
  const key = bytesOf(step.key, types.key);
  const value = bytesOf(step.value, types.value);
  driver.pipe({ topic, key, value, timestamp, headers: headersOf(step.headers as Parameters<typeof headersOf>[0]) });
}

function listStores(driver: TopologyTestDriver, piped: Piped): JsonObject {
  const stores: Mutable = {};
  for (const name of driver.storeNames()) {
    const store = driver.store(name);
    const listed = store === undefined ? undefined : listStore(store, piped);
    if (listed !== undefined) stores[name] = listed;
  }
  return stores;
}

/** Does one phase of a case; an exception of Kafka Streams becomes part of the answer. */
function attempt<T>(answer: Mutable, phase: string, work: () => T, step?: number): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TopologyDataError || error instanceof UnknownFunctionError)
      throw new UnsupportedError(error.message);
    if (!(error instanceof StreamsError)) throw error;
    answer.error = {
      phase,
      ...(step === undefined ? {} : { step }),
      class: error.className,
      causes: causesOf(error),
      message: error.message,
    };
    return undefined;
  }
}
