import { ERROR_CODES, isRetriable, NONE, refreshesMetadata } from '../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import type { ResponseMessage } from '../../../protocol/message.ts';
import { ANY, ask, type Question, type Route } from './tool.ts';
import { askFor } from './topic-partitions.ts';

const KEY_TYPES = { group: 0, transaction: 1 } as const;

/** How to find out who is to be asked, if that takes a question of its own. */
export function lookUp(route: Route): Question | undefined {
  switch (route.to) {
    case 'any':
    case 'broker':
      return undefined;
    case 'leader':
      return askFor([{ topicId: ZERO_UUID, name: route.topic }]);
    default:
      return ask(ANY, 'FindCoordinator', { keyType: KEY_TYPES[route.to], coordinatorKeys: [route.id] });
  }
}

/** Who it is, by the answer; −1 if nobody is now. */
export function foundTarget(route: Route, { api, body }: ResponseMessage): number {
  if (api === 'FindCoordinator') return body.coordinators[0]?.nodeId ?? -1;
  if (api !== 'Metadata' || route.to !== 'leader') return -1;
  const partitions = body.topics[0]?.partitions ?? [];
  return partitions.find(({ partitionIndex }) => partitionIndex === route.partition)?.leaderId ?? -1;
}

/** An error of the answer after which the same is asked again, or NONE. */
export const errorToRetry = (route: Route, isLookUp: boolean, body: object): number =>
  errorsIn(body).find((error) => (isLookUp ? isRetriable(error) : helpsToRetry(route, error))) ?? NONE;

function helpsToRetry({ to }: Route, error: number): boolean {
  switch (to) {
    case 'leader':
      return refreshesMetadata(error) || error === ERROR_CODES.OFFSET_NOT_AVAILABLE;
    case 'group':
    case 'transaction':
      return OF_COORDINATORS.has(error);
    default:
      return OF_CONTROLLERS.has(error);
  }
}

const OF_COORDINATORS: ReadonlySet<number> = new Set([
  ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
  ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
  ERROR_CODES.NOT_COORDINATOR,
  ERROR_CODES.CONCURRENT_TRANSACTIONS,
]);

const OF_CONTROLLERS: ReadonlySet<number> = new Set([
  ERROR_CODES.NOT_CONTROLLER,
  ERROR_CODES.THROTTLING_QUOTA_EXCEEDED,
  ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
]);

/** All error codes of an answer, wherever they stand. */
function errorsIn(part: unknown): readonly number[] {
  if (Array.isArray(part)) return part.flatMap(errorsIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === 'errorCode' ? [value as number] : errorsIn(value),
  );
}
