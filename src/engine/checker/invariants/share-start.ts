import type { SimTime } from '../../base/time.ts';
import type { ShareRunView } from '../../api/views/share.ts';
import type { Invariant, Scene, ShareChange } from '../invariant.ts';

const AVAILABLE = 0;
const ACQUIRED = 1;
const ACKNOWLEDGED = 2;

/** The start of a share partition never goes back, and never passes a record that is not done with. */
export const SHARE_START_IN_ORDER: Invariant = {
  id: 55,
  name: 'ShareStartInOrder',
  source: 'KIP-932, SharePartition.maybeUpdateCachedStateAndOffsets',
  onShare(scene, change) {
    const { share, known } = change;
    if (share.startOffset < known.passed)
      tell(this, scene, change, `begins at ${share.startOffset} again, after ${known.passed}`);
    const left = change.sameLeader ? leftBehind(change, scene.view.now) : undefined;
    if (left !== undefined) tell(this, scene, change, `passes offset ${left}, which nobody is done with`);
  },
};

/** The first record before the start that was not done with and that the log still has. */
function leftBehind({ share, known }: ShareChange, now: SimTime): number | undefined {
  const run = known.runs.find(
    (old) =>
      old.first < share.startOffset &&
      old.last >= share.logStart &&
      !mayBeDone(old, share.deliveryCountLimit, now),
  );
  return run === undefined ? undefined : Math.max(run.first, share.logStart);
}

/** It is, or becomes so as soon as that is stored, or because it was delivered too often and its time is over. */
function mayBeDone(
  { state, next, deliveryCount, lockedUntil }: ShareRunView,
  limit: number,
  now: SimTime,
): boolean {
  if (next !== null) return next.state !== AVAILABLE;
  return state >= ACKNOWLEDGED || (state === ACQUIRED && lockedUntil <= now && deliveryCount >= limit);
}

/** What was accepted is not delivered again once that is stored, whoever leads the partition. */
export const ACCEPTED_ONCE: Invariant = {
  id: 56,
  name: 'AcceptedOnce',
  source: 'KIP-932, ShareCoordinatorShard',
  onShare(scene, change) {
    const { share, known } = change;
    const accepted = known.runs.filter(
      ({ state, last }) => state === ACKNOWLEDGED && last >= share.startOffset,
    );
    if (accepted.length === 0) return;
    const again = share.runs.find(
      ({ state, first, last }) =>
        state <= ACQUIRED && accepted.some((old) => old.first <= last && first <= old.last),
    );
    if (again !== undefined)
      tell(this, scene, change, `has records from offset ${again.first} again that it has accepted`);
  },
};

function tell(invariant: Invariant, scene: Scene, { share }: ShareChange, what: string): void {
  scene.report(invariant, {
    subject: `${share.groupId} ${share.name}`,
    sentence: `${share.groupId} ${what}, in ${share.name}.`,
    partition: share.name,
  });
}
