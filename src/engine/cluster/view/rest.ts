import type { ClusterView } from '../../api/cluster-view.ts';
import type { Scenario } from '../../api/scenario.ts';
import type { ReplicaView } from '../../api/views/log.ts';

/** Members of each group when everybody is there; an application has one for each stream thread. */
export type GroupSizes = ReadonlyMap<string, number>;

export const groupSizes = ({ groups, shareGroups = [], applications }: Scenario): GroupSizes =>
  new Map([
    ...[...shareGroups, ...groups].map(({ id, members }) => [id, members] as const),
    ...applications.map(
      ({ id, instances, config }) => [id, instances * Number(config['num.stream.threads'] ?? 1)] as const,
    ),
  ]);

/** Tells whether a run has come to rest, or what it still waits for. Looks, and touches nothing. */
export class Rest {
  private readonly view: ClusterView;
  private readonly sizes: GroupSizes;
  private readonly applications: ReadonlySet<string>;

  constructor(view: ClusterView, { applications }: Pick<Scenario, 'applications'>, sizes: GroupSizes) {
    this.view = view;
    this.sizes = sizes;
    this.applications = new Set(applications.map(({ id }) => id));
  }

  /** Every machine has everything: another may fail. A broker that is back may count as in sync before it is. */
  isInSync(): boolean {
    return this.notInSync() === null;
  }

  /**
   * What is waited for, as the end of a sentence that begins with “waits:”, or null: replicas are in sync, no transaction
   * is open, groups are complete and stable and have read and committed all. Producers are not asked.
   */
  waitsFor(): string | null {
    return this.notInSync() ?? this.openTransaction() ?? this.unsettledGroup() ?? this.uncommitted();
  }

  private notInSync(): string | null {
    const { view } = this;
    let found: string | null = null;
    view.visitRegistrations(({ id, fenced }) => {
      if (fenced) found ??= `broker ${id} is fenced`;
    });
    view.visitPartitions(({ name }, { isr, replicas, leader, leaderEpoch }) => {
      if (found !== null) return;
      const end = this.replicaOn(leader, name)?.highWatermark ?? Infinity;
      const behind = replicas.find((id) => {
        const replica = this.replicaOn(id, name);
        return !isr.includes(id) || replica?.leaderEpoch !== leaderEpoch || replica.logEnd < end;
      });
      if (behind !== undefined) found = `${name} on broker ${behind} is not in sync`;
    });
    if (found !== null) return found;
    const { metadataOffset } = view;
    const late = view.controllers.find(({ logEnd }) => logEnd <= metadataOffset);
    return late === undefined ? null : `the controller ${late.node} lacks metadata`;
  }

  private replicaOn(id: number, name: string): ReplicaView | undefined {
    const broker = this.view.brokers.find((candidate) => candidate.id === id);
    return broker?.replicas.find((replica) => replica.name === name);
  }

  private openTransaction(): string | null {
    for (const { replicas } of this.view.brokers)
      for (const { lastStable, logEnd, role, name } of replicas)
        if (role === 'leader' && lastStable !== logEnd) return `a transaction is open on ${name}`;
    return null;
  }

  private unsettledGroup(): string | null {
    const groups = this.view.groups();
    const members = this.view.members();
    const known = new Set(groups.flatMap((group) => group.members.map(({ memberId }) => memberId)));
    const stray = members.find(({ stable, memberId }) => !stable || !known.has(memberId));
    if (stray !== undefined) return `${stray.node} is not settled in ${stray.groupId}`;
    for (const { owned, groupId } of members)
      for (const { name, position } of owned)
        if (this.hasMore(name, Math.max(0, position))) return `${groupId} has more to read of ${name}`;
    for (const [id, size] of this.sizes) {
      const group = groups.find(({ groupId }) => groupId === id);
      if (group === undefined) return `the group ${id} does not exist`;
      if (group.members.length !== size || group.state !== 'Stable')
        return `the group ${id} is ${group.state} with ${group.members.length} of ${size} members`;
    }
    return null;
  }

  /** Groups have committed all that is there; applications also of partitions that they had not committed before. */
  private uncommitted(): string | null {
    const committed = new Map<string, number>();
    for (const group of this.view.groups())
      for (const { name, offset } of group.committed) {
        committed.set(`${group.groupId} ${name}`, offset);
        if (this.hasMore(name, offset)) return `${group.groupId} has not committed all of ${name}`;
      }
    for (const { groupId, owned } of this.view.members())
      if (this.applications.has(groupId))
        for (const { name } of owned)
          if (this.hasMore(name, committed.get(`${groupId} ${name}`) ?? 0))
            return `${groupId} has not committed all of ${name}`;
    return null;
  }

  /** Whether there is something to read behind an offset: no marker, and nothing that was aborted. */
  private hasMore(name: string, offset: number): boolean {
    let more = false;
    for (const { replicas } of this.view.brokers)
      for (const { role, name: other, records, highWatermark, aborted } of replicas) {
        if (role !== 'leader' || other !== name) continue;
        records.visit(offset, highWatermark, ({ control, producerId, baseOffset }) => {
          const counts = !aborted.some(
            (txn) =>
              txn.producerId === producerId && txn.firstOffset <= baseOffset && baseOffset <= txn.lastOffset,
          );
          if (control === undefined && counts) more = true;
        });
      }
    return more;
  }
}
