import type { ApiName } from '../../protocol/message.ts';
import type { Transactions } from './transactions.ts';

/** Last versions before KIP-890: a broker adds nothing to a transaction for them by itself. */
const VERSIONS_BEFORE_V2: Partial<Record<ApiName, number>> = { Produce: 11, TxnOffsetCommit: 4, EndTxn: 4 };
/** What clients may send at most, where brokers speak of later versions among themselves, or of topic ids. */
const VERSIONS: Partial<Record<ApiName, number>> = { AddPartitionsToTxn: 3, TxnOffsetCommit: 5 };

export function versionOf(api: ApiName, transactions: Transactions | null): { readonly version?: number } {
  if (transactions === null) return {};
  const version = (transactions.isV2 === true ? undefined : VERSIONS_BEFORE_V2[api]) ?? VERSIONS[api];
  return version === undefined ? {} : { version };
}
