import type { Ledger } from '../../engine/api/frame.ts';
import { count, plural } from './number-format.ts';

/** What became of the records that were asked for: the parts add up to the whole. */
export interface Account {
  readonly asked: number;
  /** In the windows of applications, or acknowledged where no application counts. */
  readonly settled: number;
  readonly droppedLate: number;
  readonly droppedUnkeyed: number;
  readonly failed: number;
  readonly lost: number;
  /** Under way. */
  readonly waiting: number;
  /** Counted beyond what was asked: twice, or though their producer gave them up. */
  readonly over: number;
}

/** `counts`: applications count the records in the end; else an acknowledgement settles them. */
export function accountOf(ledger: Ledger, counts: boolean): Account {
  const { asked, acknowledged, counted, failed, lost } = ledger;
  const [droppedLate, droppedUnkeyed] = counts ? [ledger.droppedLate, ledger.droppedUnkeyed] : [0, 0];
  const settled = Math.max(0, counts ? counted - droppedLate - droppedUnkeyed : acknowledged - lost);
  const rest = asked - settled - droppedLate - droppedUnkeyed - failed - lost;
  const [waiting, over] = [Math.max(0, rest), Math.max(0, -rest)];
  return { asked, settled, droppedLate, droppedUnkeyed, failed, lost, waiting, over };
}

/** A part of the whole, as a term of a sum. */
export interface Term {
  readonly name: string;
  readonly value: number;
  readonly sign: '=' | '+' | '−';
  readonly harm: boolean;
}

/** What settles a record. Of those that were acknowledged and lost nothing is settled. */
export const settledName = ({ lost }: Account, counts: boolean): string =>
  counts ? 'counted' : lost > 0 ? 'acknowledged, kept' : 'acknowledged';

/** `asked = counted + … + under way`; what is nothing and seldom anything is left out. */
export function termsOf(account: Account, counts: boolean): readonly Term[] {
  const term = (sign: Term['sign'], name: string, value: number, harm = false): Term => ({
    sign,
    name,
    value,
    harm: harm && value > 0,
  });
  const rare = [
    term('+', 'no key, dropped', account.droppedUnkeyed),
    term('+', 'failed', account.failed),
    term('−', 'too many', account.over),
  ].filter(({ value }) => value > 0);
  return [
    term('=', settledName(account, counts), account.settled),
    ...(counts ? [term('+', 'late, dropped', account.droppedLate, true)] : []),
    term('+', 'lost', account.lost, true),
    ...rare,
    term('+', 'under way', account.waiting),
  ];
}

/** What a person has to know first, and whether it is harm. */
export interface Verdict {
  readonly harm: string;
  readonly rest: string;
}

export function verdictOf({ lost, duplicated }: Ledger, account: Account): Verdict {
  const never = account.droppedLate;
  const harms = [
    lost > 0 ? `${plural(lost, 'record')} lost.` : '',
    duplicated > 0 ? `${plural(duplicated, 'record')} written twice.` : '',
    never > 0 ? `${plural(never, 'record')} never counted: they came too late.` : '',
  ];
  const none =
    lost > 0 && duplicated > 0 ? '' : lost > 0 ? 'None twice.' : duplicated > 0 ? 'None lost.' : NONE;
  const open =
    account.waiting === 0 ? 'Everything is settled.' : `${count(account.waiting)} still under way.`;
  return {
    harm: harms.filter((part) => part !== '').join(' '),
    rest: [none, open].filter((part) => part !== '').join(' '),
  };
}

const NONE = 'None lost, none twice.';
