/** A broken invariant of the simulator itself. It is never a lesson about Kafka: the run freezes and says "simulator bug". */
export class InvariantError extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(Object.keys(details).length === 0 ? message : `${message} ${JSON.stringify(details)}`);
    this.name = 'InvariantError';
    this.details = details;
  }
}

/** Stays on in production. One condition per call; pass the values that broke it. Throws {@link InvariantError}. */
export function assert(
  condition: boolean,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) throw new InvariantError(message, details);
}

/** The exhaustive end of a switch. */
export function assertNever(value: never): never {
  throw new InvariantError('unexpected variant', { value });
}

/** The value, which must be there. Throws {@link InvariantError} otherwise. */
export function ensure<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InvariantError(`missing: ${what}`);
  return value;
}
