import { below, chance, pick, prngStream, type PrngState } from '../../src/engine/base/prng.ts';

/** 2 March 2026, 08:00 UTC. */
const OPENING_MS = Date.UTC(2026, 2, 2, 8);
/** Currencies. A transfer stays within one, so both of its accounts are in the same partition. */
const BOOKS = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK'];
const ACCOUNTS_PER_BOOK = 8;
const TRANSFERS = 1_250;
/** Between two commands, at most. */
const STEP_MS = 18_000;
/** One command in so many is sent again by whoever heard no answer, once or twice, this long after the time before. */
const RETRIED = { numerator: 1, denominator: 9 };
const RETRY_MS = { least: 2_000, most: 300_000 };

interface Transfer {
  readonly at: number;
  readonly book: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Commands to move money between accounts, in the order of their times. An account may not be able to pay. */
export function transfersTape(): string {
  const prng = prngStream(1, 'transfers');
  const commands: Transfer[] = [];
  let at = OPENING_MS;
  const add = (book: string, from: string, to: string, amount: number): void => {
    at += 1_000 + below(prng, STEP_MS - 1_000);
    const id = `${book.toLowerCase()}-${String(commands.length + 1).padStart(4, '0')}`;
    commands.push({ at, book, id, from, to, amount });
  };
  for (const book of BOOKS)
    for (const account of accountsOf(book)) add(book, 'bank', account, 100 * (2 + below(prng, 9)));
  for (let i = 0; i < TRANSFERS; i++) {
    const book = pick(prng, BOOKS);
    const from = pick(prng, accountsOf(book));
    const to = pick(
      prng,
      accountsOf(book).filter((account) => account !== from),
    );
    add(book, from, to, 5 + 5 * below(prng, 60));
  }
  const sent = [...commands, ...commands.flatMap((command) => retriesOf(prng, command))];
  sent.sort((a, b) => a.at - b.at);
  const lines = sent.map((one) => [one.at, one.book, one.id, one.from, one.to, one.amount].join(','));
  return ['timestamp_ms,book,id,from,to,amount', ...lines, ''].join('\n');
}

const accountsOf = (book: string): readonly string[] =>
  Array.from({ length: ACCOUNTS_PER_BOOK }, (_, i) => `${book}-${i + 1}`);

function retriesOf(prng: PrngState, command: Transfer): Transfer[] {
  if (!chance(prng, RETRIED)) return [];
  const again = (before: Transfer): Transfer => ({
    ...before,
    at: before.at + RETRY_MS.least + below(prng, RETRY_MS.most - RETRY_MS.least),
  });
  const first = again(command);
  return below(prng, 4) === 0 ? [first, again(first)] : [first];
}
