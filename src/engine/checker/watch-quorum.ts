import type { BatchView } from '../api/views/log.ts';
import type { ControllerView } from '../api/cluster-view.ts';
import type { QuorumGhost, SeenController } from './ghost.ts';
import { endOf, having, type Handlers, type Invariant, type Scene } from './invariant.ts';

/** Finds what changed in the controllers since they were looked at last, and has it checked. */
export class QuorumWatch {
  private readonly onController: Handlers<'onController'>;
  private readonly onCommitted: Handlers<'onMetadataCommitted'>;

  constructor(invariants: readonly Invariant[]) {
    this.onController = having(invariants, 'onController');
    this.onCommitted = having(invariants, 'onMetadataCommitted');
  }

  look(scene: Scene, controller: ControllerView): void {
    const { controllers } = scene.ghost.quorum;
    const before = controllers.get(controller.node);
    if (before !== undefined && isSame(before, controller)) return;
    const sameLife = before?.incarnation === controller.incarnation;
    for (const invariant of this.onController)
      invariant.onController(scene, { controller, before, sameLife });
    const comparedTo = this.compare(scene, controller, sameLife ? before.comparedTo : 0);
    takeDown(scene.ghost.quorum, controller, comparedTo);
  }

  /** Compares what is committed by the word of this controller; returns up to where. */
  private compare(scene: Scene, controller: ControllerView, from: number): number {
    const { quorum } = scene.ghost;
    const { highWatermark, records, logStart } = controller;
    let comparedTo = Math.max(from, logStart);
    if (highWatermark <= comparedTo) return comparedTo;
    records.visit(comparedTo, highWatermark, (batch) => {
      if (endOf(batch) > highWatermark) return;
      const standing = committedThere(quorum, batch);
      for (const invariant of this.onCommitted)
        invariant.onMetadataCommitted(scene, { controller, batch, standing });
      if (standing === undefined && batch.baseOffset >= quorum.committedEnd) {
        quorum.committed.push(batch);
        quorum.committedEnd = endOf(batch);
      }
      comparedTo = endOf(batch);
    });
    return comparedTo;
  }
}

const isSame = (seen: SeenController, controller: ControllerView): boolean =>
  seen.incarnation === controller.incarnation &&
  seen.role === controller.role &&
  seen.epoch === controller.epoch &&
  seen.leaderId === controller.leaderId &&
  seen.highWatermark === controller.highWatermark &&
  seen.storedEpoch === controller.storedEpoch &&
  seen.storedVote === controller.storedVote;

function takeDown(quorum: QuorumGhost, controller: ControllerView, comparedTo: number): void {
  const { node, incarnation, role, epoch, leaderId, storedEpoch, storedVote, highWatermark } = controller;
  quorum.controllers.set(node, {
    incarnation,
    role,
    epoch,
    leaderId,
    storedEpoch,
    storedVote,
    highWatermark,
    comparedTo,
  });
  if (leaderId >= 0 && !quorum.leaders.has(epoch)) quorum.leaders.set(epoch, leaderId);
  if (role === 'leader') quorum.highWatermark = Math.max(quorum.highWatermark, highWatermark);
}

/** What is committed where a batch begins. */
function committedThere({ committed }: QuorumGhost, { baseOffset }: BatchView): BatchView | undefined {
  for (let i = committed.end - 1; i >= committed.start; i--) {
    const batch = committed.at(i);
    if (batch.baseOffset <= baseOffset) return endOf(batch) > baseOffset ? batch : undefined;
  }
  return undefined;
}
