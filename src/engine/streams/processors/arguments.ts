import { StreamsError } from '../task/streams-error.ts';
import type { ProcessorArgs } from '../topology/topology-node.ts';

/** Reads the arguments of a processor. Each getter throws a {@link StreamsError} if the argument is not as it must be. */
export class Arguments {
  private readonly processor: string;
  private readonly args: ProcessorArgs;

  constructor(processor: string, args: ProcessorArgs) {
    this.processor = processor;
    this.args = args;
  }

  text(name: string): string {
    const value = this.args[name];
    if (typeof value !== 'string') throw this.refused(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.args[name] === undefined ? undefined : this.text(name);
  }

  number(name: string): number {
    const value = this.args[name];
    if (typeof value !== 'number') throw this.refused(name);
    return value;
  }

  optionalNumber(name: string): number | undefined {
    return this.args[name] === undefined ? undefined : this.number(name);
  }

  flag(name: string): boolean {
    return this.args[name] === true;
  }

  private refused(name: string): StreamsError {
    return new StreamsError(
      'IllegalArgumentException',
      `processor ${this.processor} cannot use argument "${name}"`,
    );
  }
}
