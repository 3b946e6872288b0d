import type { CommandAct } from '../../engine/api/command.ts';
import type { Result } from '../../engine/base/result.ts';

/** One thing that a form asks. */
export interface ActField {
  readonly id: string;
  readonly label: string;
  /** What stands in it at first. */
  readonly initial: string;
  /** What may be chosen; without it the person types. */
  readonly choices?: readonly ActChoice[];
  /** Stands behind what is typed, and may depend on what else was chosen. */
  readonly unit?: (values: ActValues) => string;
  /** One sentence below, which may depend on the same. */
  readonly note?: string | ((values: ActValues) => string);
  /** Whether it is asked with what else was chosen; always without it. */
  readonly asked?: (values: ActValues) => boolean;
}

export interface ActChoice {
  readonly value: string;
  readonly label: string;
  /** Stands below while it is chosen: too long for a list. */
  readonly meaning?: string;
}

/** What stands in the fields, by their ids. */
export type ActValues = Readonly<Record<string, string>>;

/** The fields that are asked with what was chosen. */
export const askedOf = <T extends ActField>(fields: readonly T[], values: ActValues): readonly T[] =>
  fields.filter(({ asked }) => asked?.(values) ?? true);

/** An act that needs more than a click: what it asks, and the act that the answers make. */
export interface ActForm {
  readonly title: string;
  /** What the act means, in one or two sentences. */
  readonly meaning: string;
  /** On the button that does it. */
  readonly submit: string;
  readonly fields: readonly ActField[];
  /** The error is one sentence; what the engine refuses need not be found here. */
  readonly read: (values: ActValues) => Result<CommandAct, string>;
}
