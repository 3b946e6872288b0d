import type { BrokerView } from '../../api/cluster-view.ts';
import type { ShareView } from '../../api/views/share.ts';
import type { LogView, ReplicaView } from '../../api/views/log.ts';
import type { NodeStatus } from '../../api/entities/node.ts';
import { brokerNode, type BrokerId, type NodeId, type TopicPartitionName } from '../../api/ids.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import { lacksDirectory, META_PROPERTIES, storedPath } from '../../broker/log-directories.ts';
import { allReplicas, type Replica } from '../../broker/replica.ts';
import { findRecordsFile } from '../../log/log-files.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { sharesOf } from './share-figures.ts';
import { ReplicaFigure } from './replica-figure.ts';
import { StoredLog } from './stored-log.ts';

const NO_SHARES: readonly ShareView[] = Object.freeze([]);
const NO_REPLICAS: readonly ReplicaView[] = Object.freeze([]);

/** A live look at a broker. */
export class BrokerFigure implements BrokerView {
  readonly id: BrokerId;
  readonly node: NodeId;
  private readonly kernel: Kernel;
  /** For which memory, after how many changes of its replicas, `hosted` was made. */
  private memory: BrokerMemory | undefined = undefined;
  private changes = -1;
  private source: readonly Replica[] = [];
  private hosted = NO_REPLICAS;

  constructor(kernel: Kernel, id: BrokerId) {
    this.kernel = kernel;
    this.id = id;
    this.node = brokerNode(id);
  }

  get status(): NodeStatus {
    return this.kernel.slot(this.node).status;
  }

  get incarnation(): number {
    return this.kernel.slot(this.node).incarnation;
  }

  get poweredOff(): boolean {
    return this.kernel.slot(this.node).poweredOff;
  }

  get lacksDirectory(): boolean {
    return lacksDirectory(this.kernel.slot(this.node));
  }

  get metadataOffset(): number {
    const memory = this.kernel.slot(this.node).memory as BrokerMemory | undefined;
    return memory?.image.offset ?? -1;
  }

  get wallClockMs(): number {
    return this.kernel.context(this.node).wallClockMs();
  }

  get forgetsBefore(): number {
    const memory = this.kernel.slot(this.node).memory as BrokerMemory | undefined;
    const after = memory?.config['producer.id.expiration.ms'] ?? Infinity;
    return this.wallClockMs - after;
  }

  get replicas(): readonly ReplicaView[] {
    const memory = this.kernel.slot(this.node).memory as BrokerMemory | undefined;
    if (memory === undefined) return NO_REPLICAS;
    if (memory !== this.memory || memory.replicaChanges !== this.changes) this.lookUp(memory);
    return this.hosted;
  }

  shares(): readonly ShareView[] {
    const memory = this.kernel.slot(this.node).memory as BrokerMemory | undefined;
    return memory === undefined || memory.sharePartitions.size === 0 ? NO_SHARES : sharesOf(memory);
  }

  private lookUp(memory: BrokerMemory): void {
    const { disk } = this.kernel.slot(this.node);
    const found = [...allReplicas(memory)];
    this.memory = memory;
    this.changes = memory.replicaChanges;
    if (found.length === this.source.length && found.every((replica, i) => this.source[i] === replica))
      return;
    this.source = found;
    this.hosted = found.map((replica) => new ReplicaFigure(replica, disk));
  }

  stored(name: TopicPartitionName): LogView | undefined {
    const { disk } = this.kernel.slot(this.node);
    const path = disk.values.has(META_PROPERTIES) ? storedPath(disk, name) : name;
    const file = findRecordsFile(disk, path);
    return file === undefined ? undefined : new StoredLog(disk, path, file);
  }
}
