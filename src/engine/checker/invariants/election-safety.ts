import type { ControllerView } from '../../api/cluster-view.ts';
import type { ControllerChange, Invariant, Scene } from '../invariant.ts';

/**
 * In an epoch of the quorum at most one voter leads, all who name a leader name the same one, and whoever leads has the
 * votes of a majority, written down.
 */
export const ELECTION_SAFETY: Invariant = {
  id: 1,
  name: 'ElectionSafety',
  source: 'Raft; Kafka, RaftEventSimulationTest.SingleLeader; KIP-595',
  onController(scene, { controller, before }) {
    const { epoch, leaderId, node } = controller;
    const known = scene.ghost.quorum.leaders.get(epoch);
    if (leaderId >= 0 && known !== undefined && known !== leaderId)
      scene.report(this, {
        subject: 'quorum',
        sentence: `${node} holds ${leaderId} to be the leader of quorum epoch ${epoch}, which ${known} led.`,
        epochs: [epoch],
      });
    const beganToLead = controller.role === 'leader' && (before?.role !== 'leader' || before.epoch !== epoch);
    if (beganToLead) checkVotes(this, scene, controller);
  },
};

/** A voter that has gone on to a later epoch may have voted before. */
function checkVotes(invariant: Invariant, scene: Scene, leader: ControllerChange['controller']): void {
  const { controllers } = scene.view;
  const voted = ({ storedEpoch, storedVote }: ControllerView): boolean =>
    storedEpoch > leader.epoch || (storedEpoch === leader.epoch && storedVote === leader.id);
  const votes = controllers.filter(voted).length;
  if (votes * 2 > controllers.length) return;
  scene.report(invariant, {
    subject: 'quorum',
    sentence: `${leader.node} leads quorum epoch ${leader.epoch}, for which only ${votes} of ${controllers.length} voters have written down that they elected it.`,
    epochs: [leader.epoch],
  });
}
