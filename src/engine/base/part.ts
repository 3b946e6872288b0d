/** A part of the program is needed that nobody has installed. */
export class MissingPartError extends Error {
  readonly part: string;

  constructor(part: string) {
    super(`The part “${part}” of the simulator is not loaded.`);
    this.name = 'MissingPartError';
    this.part = part;
  }
}

/**
 * Code that only some runs need, so that whoever starts a run installs it first. It is no state: a run never waits for
 * it, and which other parts are installed makes no difference to what it does.
 */
export class Part<Code> {
  readonly name: string;
  private installed: Code | undefined;

  constructor(name: string) {
    this.name = name;
  }

  install(code: Code): void {
    this.installed = code;
  }

  /** Throws {@link MissingPartError}. */
  get code(): Code {
    if (this.installed === undefined) throw new MissingPartError(this.name);
    return this.installed;
  }
}
