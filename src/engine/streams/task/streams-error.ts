/** An exception as Kafka Streams would throw it. Expected: a topology or a record of the user caused it. */
export class StreamsError extends Error {
  /** Simple name of the Java class. */
  readonly className: string;
  override readonly cause: Error | undefined;

  constructor(className: string, message: string, cause?: Error) {
    super(message);
    this.name = className;
    this.className = className;
    this.cause = cause;
  }
}

/** What making a record of the Processor API with a negative time throws. */
export const malformedRecord = (timestamp: number): StreamsError =>
  new StreamsError(
    'StreamsException',
    'Malformed Record',
    new StreamsError('IllegalArgumentException', `Timestamp may not be negative. Got: ${timestamp}`),
  );

/** Simple class names along the chain of causes, outermost first, without the error's own. */
export function causesOf(error: Error): string[] {
  const names: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) names.push(cause.name);
  return names;
}
