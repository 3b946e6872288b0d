/** An operator threw and the handler's answer was to fail. Carried up to whoever drives the task. */
export class FailedProcessing extends Error {
  readonly node: string;
  override readonly cause: Error;

  constructor(node: string, cause: Error) {
    super(`Processor ${node} failed`);
    this.name = 'FailedProcessingException';
    this.node = node;
    this.cause = cause;
  }
}
