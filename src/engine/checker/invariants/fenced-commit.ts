import type { SentCommitView } from '../../api/views/client.ts';
import type { Invariant, Poll, Scene } from '../invariant.ts';

/** Who the group has put out, or whose generation is over when it sends a commit, commits nothing. */
export const FENCED_COMMIT: Invariant = {
  id: 37,
  name: 'FencedCommit',
  source: 'KIP-447; Kafka, GroupCoordinator.validateOffsetCommit',
  onReader(scene, { reader, known }) {
    const underWay = reader.commits;
    for (const commit of underWay)
      if (!known.underWay.includes(commit.token) && isLate(scene, reader, commit))
        known.stale.set(commit.token, commit);
    for (const [token, commit] of known.stale) {
      if (underWay.some((other) => other.token === token)) continue;
      known.stale.delete(token);
      if (!wasAccepted(scene, reader) || !isLate(scene, reader, commit)) continue;
      scene.report(this, {
        subject: `${reader.groupId} ${reader.node}`,
        sentence: `${reader.node} commits offsets of ${reader.groupId} in generation ${commit.generation}, which was over when it sent them.`,
        epochs: [commit.generation],
      });
    }
  },
};

/** By the word of the coordinator it is no member, or one of a later generation. */
function isLate(
  { view }: Scene,
  { groupId }: Poll['reader'],
  { generation, memberId }: SentCommitView,
): boolean {
  const group = view.groups().find((candidate) => candidate.groupId === groupId);
  if (group === undefined || generation < 0) return false;
  const isMember = group.members.some((member) => member.memberId === memberId);
  return group.type === 'classic' ? !isMember || group.generation > generation : !isMember;
}

/** The newest event tells of offsets that the reader has committed. */
function wasAccepted({ view }: Scene, { node }: Poll['reader']): boolean {
  let accepted = false;
  view.visitTraces(view.newestTrace - 1, (event) => {
    if (event.node === node && event.data.type === 'offsets-committed') accepted = true;
  });
  return accepted;
}
