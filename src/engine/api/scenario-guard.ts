import { err, ok, type Result } from '../base/result.ts';
import { FORBIDDEN_NAMES } from './scenario-json.ts';
import { SCENARIO_LIMITS } from './scenario-limits.ts';
import { codePointName, grouped, quoted, UNPRINTABLE, type Path, type PathStep } from './scenario-problem.ts';

/** A place and what is wrong there, as the end of a sentence. */
export interface Fault {
  readonly path: Path;
  readonly what: string;
}

/**
 * A copy of a value as plain JSON data: fresh objects and lists, finite numbers (no −0), texts that a person can see.
 * Fields whose value is undefined are left out. What is too deep, too large or not JSON is refused.
 */
export function plainCopy(value: unknown): Result<unknown, Fault> {
  const copier = new Copier();
  const copy = copier.copy(value);
  return copier.fault === null ? ok(copy) : err(copier.fault);
}

class Copier {
  /** The first thing that was wrong; nothing is copied after it. */
  fault: Fault | null = null;
  private readonly path: PathStep[] = [];
  private nodes = 0;

  copy(value: unknown): unknown {
    if (!this.counted()) return null;
    switch (typeof value) {
      case 'string':
        return this.visible(value, 'has');
      case 'number':
        return Number.isFinite(value) ? value + 0 : this.refuse('must be a finite number.');
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : this.container(value);
      default:
        return this.refuse('is not plain JSON data.');
    }
  }

  private counted(): boolean {
    this.nodes += 1;
    if (this.nodes > SCENARIO_LIMITS.nodesMax)
      this.refuse(
        `is beyond ${grouped(SCENARIO_LIMITS.nodesMax)} values, the most that a scenario may hold.`,
      );
    return this.fault === null;
  }

  private container(value: object): unknown {
    if (this.path.length >= SCENARIO_LIMITS.depthMax)
      return this.refuse(`is nested deeper than ${SCENARIO_LIMITS.depthMax} levels.`);
    if (Array.isArray(value)) return this.list(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return this.refuse('is not plain JSON data.');
    return this.object(value as Record<string, unknown>);
  }

  private list(list: readonly unknown[]): unknown {
    const copy: unknown[] = [];
    for (let i = 0; i < list.length && this.fault === null; i++) copy.push(this.entry(i, list[i]));
    return copy;
  }

  private object(object: Readonly<Record<string, unknown>>): unknown {
    const copy: Record<string, unknown> = {};
    for (const name of Object.keys(object)) {
      if (FORBIDDEN_NAMES.includes(name))
        this.refuse(`has the field name ${quoted(name)}, which is not allowed.`);
      else this.visible(name, 'has a field name with');
      if (this.fault !== null) return copy;
      const value = object[name];
      if (value !== undefined) copy[name] = this.entry(name, value);
    }
    return copy;
  }

  private entry(step: PathStep, value: unknown): unknown {
    this.path.push(step);
    const copy = this.copy(value);
    this.path.pop();
    return copy;
  }

  private visible(text: string, verb: string): string {
    if (text.length > SCENARIO_LIMITS.stringMax)
      this.refuse(
        `${verb} ${grouped(text.length)} characters; the most is ${grouped(SCENARIO_LIMITS.stringMax)}.`,
      );
    const hidden = UNPRINTABLE.exec(text)?.[0];
    if (hidden !== undefined)
      this.refuse(`${verb} an invisible or text-turning character, ${codePointName(hidden)}.`);
    return text;
  }

  private refuse(what: string): null {
    this.fault ??= { path: [...this.path], what };
    return null;
  }
}
