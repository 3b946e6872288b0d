import type { ControllerView, QuorumRole } from '../../api/cluster-view.ts';
import type { LogView } from '../../api/views/log.ts';
import type { NodeStatus } from '../../api/entities/node.ts';
import type { NodeId } from '../../api/ids.ts';
import { AppendList } from '../../base/append-list.ts';
import type { ControllerConfig, ControllerMemory } from '../../controller/controller-state.ts';
import { findRecordsFile } from '../../log/log-files.ts';
import { METADATA_TOPIC } from '../../metadata/metadata-log.ts';
import { readLogStart } from '../../raft/quorum-log.ts';
import { readElectionState, type ElectionState } from '../../raft/transitions.ts';
import { nextOffset, type RecordBatch } from '../../protocol/record-batch.ts';
import type { DiskFile } from '../../sim/disk.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { StoredLog } from './stored-log.ts';

const NO_FILE: DiskFile = Object.freeze({ entries: new AppendList(), flushed: 0, marks: [] });
const NAME = `${METADATA_TOPIC}-0`;

/** A live look at a voter of the metadata quorum. */
export class ControllerFigure implements ControllerView {
  readonly id: number;
  readonly node: NodeId;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, node: NodeId) {
    this.id = (kernel.slot(node).config as ControllerConfig).nodeId;
    this.node = node;
    this.kernel = kernel;
  }

  private get slot(): ReturnType<Kernel['slot']> {
    return this.kernel.slot(this.node);
  }

  private get memory(): ControllerMemory | undefined {
    return this.slot.memory as ControllerMemory | undefined;
  }

  private get stored(): ElectionState {
    return readElectionState(METADATA_TOPIC, this.slot.disk);
  }

  get status(): NodeStatus {
    return this.slot.status;
  }

  get incarnation(): number {
    return this.slot.incarnation;
  }

  get role(): QuorumRole {
    return this.memory?.raft.role ?? 'down';
  }

  get epoch(): number {
    return this.memory?.raft.epoch ?? -1;
  }

  get leaderId(): number {
    return this.memory?.raft.leaderId ?? -1;
  }

  get storedEpoch(): number {
    return this.stored.epoch;
  }

  get storedVote(): number {
    return this.stored.votedId;
  }

  get highWatermark(): number {
    return this.memory?.raft.highWatermark ?? 0;
  }

  get logStart(): number {
    return readLogStart(this.slot.disk, METADATA_TOPIC).endOffset;
  }

  get logEnd(): number {
    const last = this.records.last as RecordBatch | undefined;
    return last === undefined ? this.logStart : nextOffset(last);
  }

  get records(): LogView {
    const { disk } = this.slot;
    return new StoredLog(disk, NAME, findRecordsFile(disk, NAME) ?? NO_FILE);
  }
}
