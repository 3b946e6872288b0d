import { fieldLong, fieldText } from '../functions/fields.ts';
import { longAdd, longSubtract, type Long } from '../serdes/long.ts';
import type { KeyValueStore } from '../state-stores/key-value-store.ts';
import type { ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withKeyValue, type StreamRecord } from '../task/stream-record.ts';
import type { Arguments } from './arguments.ts';

/** Books transfers between accounts: a rejection, or two postings that cancel out. The account `bank` may go below 0. */
export function ledger(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  return {
    create(context) {
      const balances = context.store<KeyValueStore>(storeName);
      return { process: (record) => book(context, balances, record) };
    },
  };
}

interface Transfer {
  readonly id: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly amount: Long | null;
}

const balanceOf = (balances: KeyValueStore, account: string): Long => (balances.get(account) ?? 0) as Long;

function book(context: ProcessorContext, balances: KeyValueStore, record: StreamRecord): void {
  const { value } = record;
  const transfer: Transfer = {
    id: fieldText(value, 'id'),
    from: fieldText(value, 'from'),
    to: fieldText(value, 'to'),
    amount: fieldLong(value, 'amount'),
  };
  const reason = refusal(balances, transfer);
  const { id, from, to, amount } = transfer;
  if (reason !== undefined)
    context.forward(withKeyValue(record, from ?? '?', { type: 'rejected', id, reason }));
  else {
    const delta = amount as Long;
    post(context, balances, { record, id, account: from as string, delta: longSubtract(0, delta) });
    post(context, balances, { record, id, account: to as string, delta });
  }
}

function refusal(balances: KeyValueStore, { id, from, to, amount }: Transfer): string | undefined {
  if (id === null || from === null || to === null || amount === null || amount <= 0 || from === to)
    return 'invalid';
  return from !== 'bank' && balanceOf(balances, from) < amount ? 'insufficient' : undefined;
}

interface Posting {
  readonly record: StreamRecord;
  readonly id: string | null;
  readonly account: string;
  readonly delta: Long;
}

function post(
  context: ProcessorContext,
  balances: KeyValueStore,
  { record, id, account, delta }: Posting,
): void {
  const balance = longAdd(balanceOf(balances, account), delta);
  balances.put(account, balance);
  context.forward(withKeyValue(record, account, { type: 'posted', id, account, delta, balance }));
}
