import type { EntityId } from '../frame.ts';
import type { BrokerId, NodeId, TopicPartitionName } from '../ids.ts';
import type { SimTime } from '../../base/time.ts';

/** Id `producer:<node>`. */
export interface ProducerEntity {
  readonly kind: 'producer';
  readonly id: EntityId;
  readonly node: NodeId;
  readonly topic: string;
  readonly tapeTotal: number;
  /** Records handed to send(). */
  readonly sent: number;
  readonly buffered: number;
  readonly inFlight: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly bufferBytes: number;
  readonly bufferBytesMax: number;
  readonly recordsPerSecond: number;
  /** Records of each partition that wait or are in flight, by partition. */
  readonly waitingByPartition: readonly number[];
  /** Of a transactional producer that is up. */
  readonly transactions?: ProducerTransactions;
}

export interface ProducerTransactions {
  readonly transactionalId: string;
  readonly phase: 'starting' | 'ready' | 'open' | 'flushing' | 'committing' | 'aborting' | 'ended';
  /** Rows of the present transaction. */
  readonly rows: number;
  /** Transactions of this life that ended so, and the rows of the committed ones. */
  readonly committed: number;
  readonly aborted: number;
  readonly rowsCommitted: number;
}

/** A transactional id as its coordinator has it. Id `transaction:<transactional id>`. */
export interface TransactionEntity {
  readonly kind: 'transaction';
  readonly id: EntityId;
  readonly name: string;
  readonly coordinator: BrokerId;
  /** As DescribeTransactions tells it. */
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  /** When the present transaction began, −1 without one. */
  readonly startedAt: SimTime;
  /** Partitions of the present transaction that have no marker yet. */
  readonly partitions: readonly TopicPartitionName[];
}
