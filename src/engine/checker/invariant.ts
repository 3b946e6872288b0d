import type { ApplicationView, TaskView } from '../api/views/application.ts';
import type { BatchView, ReplicaView } from '../api/views/log.ts';
import type { ShareView } from '../api/views/share.ts';
import type { BrokerView, ClusterView, ControllerView } from '../api/cluster-view.ts';
import type { ProducerView, ReaderView, TransactorView } from '../api/views/client.ts';
import type { TransactionView } from '../api/views/group.ts';
import type {
  Ack,
  BrokerGhost,
  Ghost,
  PartitionGhost,
  ReaderGhost,
  SeenController,
  SeenReplica,
  ShareGhost,
} from './ghost.ts';
import type { Finding } from './violation.ts';

/** What an invariant is asked with. It reads the view, and reads and writes the ghost. */
export interface Scene {
  readonly view: ClusterView;
  readonly ghost: Ghost;
  readonly report: (invariant: Invariant, finding: Finding) => void;
}

/** A replica is not what it was when its broker was looked at last. */
export interface ReplicaChange {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly partition: PartitionGhost;
  /** What it was; on the first look in a life the same as now. */
  readonly before: Readonly<SeenReplica>;
  /** First look in this life of the broker. */
  readonly isNew: boolean;
  /** It leads in an epoch in which it did not before. */
  readonly beganToLead: boolean;
  /** Records were cut off its end. */
  readonly wasCut: boolean;
}

/** A batch stands below the high watermark of a replica where it was not seen before. */
export interface ExposedBatch {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly partition: PartitionGhost;
  readonly batch: BatchView;
  /** What was seen below a high watermark at these offsets before; undefined if nothing was. */
  readonly standing: BatchView | undefined;
  /** Nothing was ever seen below a high watermark there, so the batch is committed now. */
  readonly isNews: boolean;
}

/** A batch stands at the end of a replica where it was not seen before. */
export interface AppendedBatch {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly batch: BatchView;
  /** The one before it, undefined for the first. */
  readonly previous: BatchView | undefined;
}

/** A producer was told that a batch is in the log. */
export interface SeenAck {
  readonly producer: ProducerView;
  readonly partition: PartitionGhost;
  readonly ack: Ack;
}

/** A controller is not what it was when it was looked at last. */
export interface ControllerChange {
  readonly controller: ControllerView;
  /** What it was; undefined on the first look. */
  readonly before: Readonly<SeenController> | undefined;
  /** The same life as before. */
  readonly sameLife: boolean;
}

/** A batch stands below the high watermark of a controller where it was not seen before. */
export interface CommittedMetadata {
  readonly controller: ControllerView;
  readonly batch: BatchView;
  /** What was seen below the high watermark of any controller there; undefined: it is new. */
  readonly standing: BatchView | undefined;
}

/** A broker has begun a life, and its replicas have not been looked at in it. */
export interface BrokerReturn {
  readonly broker: BrokerView;
  /** The life before. */
  readonly before: BrokerGhost;
}

/** The coordinator of a transactional id has stored another state of it. */
export interface TransactionStep {
  readonly before: TransactionView | undefined;
  readonly after: TransactionView;
}

/** A task has begun to run, or was closed. */
export interface TaskChange {
  readonly application: ApplicationView;
  readonly task: TaskView;
}

/** An application was given records that it had not been given before in this life. */
export interface Poll {
  readonly reader: ReaderView;
  readonly known: ReaderGhost;
}

/** A share group in a partition, and how it was there before. */
export interface ShareChange {
  readonly share: ShareView;
  readonly known: ShareGhost;
  /** The same leader had both. */
  readonly sameLeader: boolean;
}

/**
 * A rule that the system has to keep. It is asked when something happened that can break it, so that asking costs little;
 * `periodically` is asked every {@link PERIOD} events, `atQuiescence` when everything is healed and has come to rest.
 */
export interface Invariant {
  /** As the list of invariants numbers it. */
  readonly id: number;
  readonly name: string;
  /** Where the rule comes from. */
  readonly source: string;
  onReplica?(scene: Scene, change: ReplicaChange): void;
  /** After all that the change exposes was taken down. */
  afterReplica?(scene: Scene, change: ReplicaChange): void;
  onAppended?(scene: Scene, appended: AppendedBatch): void;
  onExposed?(scene: Scene, exposed: ExposedBatch): void;
  onAck?(scene: Scene, seen: SeenAck): void;
  onController?(scene: Scene, change: ControllerChange): void;
  onMetadataCommitted?(scene: Scene, committed: CommittedMetadata): void;
  /** The metadata that brokers and partitions are registered in is other than at the last look. */
  onMetadata?(scene: Scene): void;
  onReturn?(scene: Scene, back: BrokerReturn): void;
  onTransaction?(scene: Scene, step: TransactionStep): void;
  onTransactor?(scene: Scene, transactor: TransactorView): void;
  /** A task of an application that processes exactly once has begun to run, or was closed, while its records are a cut. */
  onTask?(scene: Scene, change: TaskChange): void;
  /** A share group has other records in flight than before, or begins elsewhere. */
  onShare?(scene: Scene, change: ShareChange): void;
  onPoll?(scene: Scene, poll: Poll): void;
  onReader?(scene: Scene, poll: Poll): void;
  periodically?(scene: Scene): void;
  atQuiescence?(scene: Scene): void;
}

/** Events between two looks of the invariants that are too dear for every event. */
export const PERIOD = 256;

/** One beyond the last offset of a batch. */
export const endOf = ({ baseOffset, lastOffsetDelta }: BatchView): number => baseOffset + lastOffsetDelta + 1;

export type Handlers<K extends keyof Invariant> = readonly (Invariant & Required<Pick<Invariant, K>>)[];

/** The rules that want to be asked on this occasion. */
export const having = <K extends keyof Invariant>(invariants: readonly Invariant[], key: K): Handlers<K> =>
  invariants.filter((invariant) => invariant[key] !== undefined) as unknown as Handlers<K>;
