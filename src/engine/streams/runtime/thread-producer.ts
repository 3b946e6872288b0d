import { STREAMS_TRANSACTION_TIMEOUT_MS } from '../../api/config/client-checks.ts';
import { createProducer } from '../../client/producer/producer.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import { bootstrapList } from '../../client/programs/bootstrap.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import { embeddedProducerConfig } from './instance-config.ts';
import type { ThreadIdentity } from './thread-clients.ts';
import type { ThreadTransactions } from './thread-transactions.ts';

/** The one producer of a stream thread; under exactly_once_v2 it works in transactions. */
export function newThreadProducer(
  context: ThreadContext,
  { config, name }: ThreadIdentity,
  transactions: ThreadTransactions | null,
): Producer {
  return createProducer(context, {
    prefix: 'producer',
    clientId: `${name}-producer`,
    bootstrap: bootstrapList(config.bootstrap),
    config: embeddedProducerConfig(planOf(config).settings),
    ...(transactions !== null && {
      transactionalId: transactions.transactionalId,
      transactionTimeoutMs: STREAMS_TRANSACTION_TIMEOUT_MS,
    }),
  });
}
