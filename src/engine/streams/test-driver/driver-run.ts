import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { problemAt, type Problem } from '../../api/scenario-problem.ts';
import type {
  DriverError,
  DriverRun,
  DriverSession,
  DriverStep,
  PipeStep,
  StepOutcome,
  StoreListing,
} from '../../api/topology-driver.ts';
import { isLongText } from '../serdes/long-text.ts';
import { SerializationError } from '../serdes/serde.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import { buildSource } from './build-source.ts';
import { bytesOf, headersOf } from './driver-values.ts';
import { StepTrace } from './step-trace.ts';
import { listStore } from './store-listing.ts';
import { typesOf } from './topology-figure.ts';
import { newDriverState, TopologyTestDriver } from './topology-test-driver.ts';
import { traced } from './traced-topology.ts';

/** A driver at work, and what it is asked for in the end. */
interface Driving {
  readonly built: BuiltTopology;
  readonly driver: TopologyTestDriver;
  readonly trace: StepTrace;
  readonly keys: unknown[];
  readonly times: number[];
}

/** Makes a driver and does the steps. The problem is why there is no driver; a step that fails is part of the run. */
export function runSession({ source, steps }: DriverSession): Result<DriverRun, Problem> {
  const built = buildSource(source);
  if (!built.ok) return built;
  const trace = new StepTrace(built.value);
  const driver = started(built.value, trace);
  if (!driver.ok) return driver;
  const driving: Driving = { built: built.value, driver: driver.value, trace, keys: [], times: [] };
  const outcomes: StepOutcome[] = [];
  for (const [i, step] of steps.entries()) {
    const outcome = doStep(driving, step, i);
    if (!outcome.ok) return outcome;
    outcomes.push(outcome.value);
    if (outcome.value.error !== null) break;
  }
  return ok({
    steps: outcomes,
    stores: storesOf(driving),
    streamTime: driver.value.state.task.streamTime,
    wallClock: driver.value.state.wallClock,
    dropped: driver.value.droppedRecords(),
    visits: Object.fromEntries(trace.visits),
  });
}

/** Processors look for their stores when they are made, so a driver can fail to start. */
function started(built: BuiltTopology, trace: StepTrace): Result<TopologyTestDriver, Problem> {
  try {
    return ok(new TopologyTestDriver(traced(built, trace), newDriverState(built, 0), trace));
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    return err(problemAt(['topology'], `cannot be started: ${error.message}`));
  }
}

function doStep(driving: Driving, step: DriverStep, index: number): Result<StepOutcome, Problem> {
  const { driver, trace } = driving;
  const before = driver.droppedRecords();
  let error: DriverError | null = null;
  try {
    if ('advanceWallClock' in step) driver.advanceWallClock(step.advanceWallClock);
    else pipe(driving, step);
  } catch (thrown) {
    if (thrown instanceof UnfitValue) return err(problemAt(['steps', index, thrown.field], thrown.message));
    if (!(thrown instanceof StreamsError)) throw thrown;
    error = errorOf(thrown);
  }
  const told = trace.take(driver.droppedRecords() - before);
  return ok({ ...told, streamTime: driver.state.task.streamTime, error });
}

function pipe({ built, driver, trace, keys, times }: Driving, step: PipeStep): void {
  const { pipe: topic, key, value, ts, headers } = step;
  const types = typesOf(built, topic);
  if (key !== null) keys.push(key);
  times.push(ts);
  if (built.globalStores.some((part) => part.topic === topic)) trace.intoGlobal(topic);
  driver.pipe({
    topic,
    key: fitting('key', types.key.name, () => bytesOf(checked(key, types.key.name), types.key)),
    value: fitting('value', types.value.name, () => bytesOf(checked(value, types.value.name), types.value)),
    timestamp: ts,
    headers: headersOf(headers),
  });
}

/** A key or value of a step that is not of its topic's type. */
class UnfitValue extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

const WANTED: Readonly<Record<string, string>> = {
  string: 'a text',
  long: 'a whole number of 64 bits',
  json: 'a JSON object',
};

/** What the serializer of the type takes. */
function checked(json: Json, type: string): Json {
  if (json === null || isRaw(json)) return json;
  const fits =
    type === 'string'
      ? typeof json === 'string'
      : type === 'json'
        ? isObject(json)
        : typeof json === 'number'
          ? Number.isSafeInteger(json)
          : typeof json === 'string' && isLongText(json);
  if (!fits) throw new SerializationError(`not ${WANTED[type] ?? type}`);
  return json;
}

/** Bytes as they are: `{"hex": "…"}` or `{"utf8": "…"}`. */
function isRaw(json: Json): boolean {
  if (!isObject(json) || Object.keys(json).length !== 1) return false;
  const { utf8, hex } = json;
  return typeof utf8 === 'string' || (typeof hex === 'string' && /^([0-9a-f]{2})*$/i.test(hex));
}

function fitting<T>(field: string, type: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SerializationError)
      throw new UnfitValue(
        field,
        `must be ${WANTED[type] ?? `of type ${type}`}: the topic is read as ${type}.`,
      );
    throw error;
  }
}

function errorOf(error: StreamsError): DriverError {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause as Error | undefined)
    causes.push(`${cause.name}: ${cause.message}`);
  return { className: error.className, causes, message: error.message };
}

function storesOf({ driver, keys, times }: Driving): StoreListing[] {
  return driver.storeNames().flatMap((name): StoreListing[] => {
    const store = driver.store(name);
    return store === undefined ? [] : [listing(name, listStore(store, { keys, times }))];
  });
}

function listing(name: string, listed: Json | undefined): StoreListing {
  const { entries, records } = isObject(listed) ? listed : ({} as JsonObject);
  if (Array.isArray(entries)) return { name, entries: entries as JsonObject[], records: entries.length };
  return { name, entries: null, records: typeof records === 'number' ? records : null };
}
