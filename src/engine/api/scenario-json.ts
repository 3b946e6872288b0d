import { err, ok, type Result } from '../base/result.ts';
import { SCENARIO_LIMITS } from './scenario-limits.ts';
import { grouped, quoted, type Path, type PathStep, type Problem } from './scenario-problem.ts';

/** A JSON text that was read, and where in it each value stands. */
export interface JsonText {
  readonly text: string;
  readonly value: unknown;
  /** For each object and list: where its entries begin, a field at its name. */
  readonly marks: ReadonlyMap<object, ReadonlyMap<PathStep, number>>;
}

/** Field names that could reach into the prototypes of JavaScript objects. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * Reads JSON (RFC 8259) strictly. Unlike `JSON.parse` it refuses a field that is given twice and the names of
 * {@link FORBIDDEN_NAMES}, stops at a depth, says in plain words what is wrong, and remembers where each value stands.
 */
export function readJson(text: string): Result<JsonText, Problem> {
  if (text.length > SCENARIO_LIMITS.textMax)
    return err({
      message: `The text has ${grouped(text.length)} characters; the most is ${grouped(SCENARIO_LIMITS.textMax)}.`,
      path: '',
    });
  const reader = new JsonReader(text);
  try {
    return ok({ text, value: reader.document(), marks: reader.marks });
  } catch (thrown) {
    if (thrown instanceof JsonFault) return err(located(text, thrown.offset, thrown.message));
    throw thrown;
  }
}

/** The same problem with the line and column of its place, or of the nearest place around it that is in the text. */
export function locate(json: JsonText, steps: Path, found: Problem): Problem {
  let value: unknown = json.value;
  let offset = /^\s*/.exec(json.text)?.[0].length ?? 0;
  for (const step of steps) {
    const mark = typeof value === 'object' && value !== null ? json.marks.get(value)?.get(step) : undefined;
    if (mark === undefined) break;
    offset = mark;
    value = (value as Record<PathStep, unknown>)[step];
  }
  return { ...found, ...lineAndColumn(json.text, offset) };
}

function located(text: string, offset: number, what: string): Problem {
  const place = lineAndColumn(text, offset);
  return {
    message: `The text is not valid JSON: in line ${grouped(place.line)}, ${what}`,
    path: '',
    ...place,
  };
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** Thrown and caught in this file only. */
class JsonFault extends Error {
  readonly offset: number;

  constructor(offset: number, what: string) {
    super(what);
    this.offset = offset;
  }
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class JsonReader {
  readonly marks = new Map<object, Map<PathStep, number>>();
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  }

  document(): unknown {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail(`there is more after the end: ${this.here()}.`);
    return value;
  }

  private value(): unknown {
    this.space();
    const char = this.text[this.at];
    if (char === '{') return this.nested(() => this.object());
    if (char === '[') return this.nested(() => this.list());
    if (char === '"') return this.string();
    const number = this.take(NUMBER);
    if (number !== '') return Number(number);
    const word = this.peek(WORD);
    if (!LITERALS.has(word)) this.fail(`a value is expected, not ${this.here()}.`);
    this.at += word.length;
    return LITERALS.get(word);
  }

  private nested(read: () => object): object {
    this.depth += 1;
    if (this.depth > SCENARIO_LIMITS.depthMax)
      this.fail(`objects and lists are nested deeper than ${SCENARIO_LIMITS.depthMax} levels.`);
    this.at += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): object {
    const object: Record<string, unknown> = {};
    const marks = this.markedAs(object);
    this.entries('}', () => {
      const start = this.at;
      if (this.text[start] !== '"')
        this.fail(`a field name in double quotes is expected, not ${this.here()}.`);
      const name = this.string();
      if (FORBIDDEN_NAMES.includes(name)) this.fail(`the field name ${quoted(name)} is not allowed.`, start);
      if (marks.has(name)) this.fail(`the field ${quoted(name)} is given twice.`, start);
      this.space();
      if (this.text[this.at] !== ':')
        this.fail(`a colon is expected after ${quoted(name)}, not ${this.here()}.`);
      this.at += 1;
      marks.set(name, start);
      object[name] = this.value();
    });
    return object;
  }

  private list(): object {
    const list: unknown[] = [];
    const marks = this.markedAs(list);
    this.entries(']', () => {
      marks.set(list.length, this.at);
      list.push(this.value());
    });
    return list;
  }

  private markedAs(container: object): Map<PathStep, number> {
    const marks = new Map<PathStep, number>();
    this.marks.set(container, marks);
    return marks;
  }

  private entries(close: string, entry: () => void): void {
    this.space();
    if (this.text[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      entry();
      this.space();
      const char = this.text[this.at];
      if (char !== ',' && char !== close) this.fail(`a comma or ${close} is expected, not ${this.here()}.`);
      this.at += 1;
      if (char === close) return;
      this.space();
      if (this.text[this.at] === close) this.fail(`there is a comma too many before ${close}.`, this.at);
    }
  }

  private string(): string {
    const start = this.at;
    let end = start + 1;
    for (; this.text[end] !== '"'; end++) {
      if (end >= this.text.length) this.fail('a text in double quotes has no end.', start);
      if (this.text.charCodeAt(end) < 0x20)
        this.fail('a text in double quotes runs into the end of the line or a control character.', end);
      if (this.text[end] === '\\') end += 1;
    }
    this.at = end + 1;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      return this.fail('a text has a backslash that does not begin one of JSON’s escapes.', start);
    }
  }

  private space(): void {
    this.take(SPACE);
  }

  private take(pattern: RegExp): string {
    const taken = this.peek(pattern);
    this.at += taken.length;
    return taken;
  }

  private peek(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  private here(): string {
    if (this.at >= this.text.length) return 'the end of the text';
    const word = this.peek(WORD);
    return quoted(word === '' ? String.fromCodePoint(this.text.codePointAt(this.at) ?? 0) : word);
  }

  private fail(what: string, offset = this.at): never {
    throw new JsonFault(offset, what);
  }
}
