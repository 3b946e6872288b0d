import type { ShareRunView } from '../../api/views/share.ts';
import type { Invariant, ShareChange } from '../invariant.ts';

const ACQUIRED = 1;

/** Pairs of runs, of before and of now, that have records in common. */
function* overlaps({ share, known }: ShareChange): Generator<readonly [ShareRunView, ShareRunView]> {
  let i = 0;
  for (const run of share.runs) {
    for (let old = known.runs[i]; old !== undefined && old.last < run.first; old = known.runs[i]) i += 1;
    for (let j = i; j < known.runs.length; j++) {
      const old = known.runs[j];
      if (old === undefined || old.first > run.last) break;
      yield [old, run];
    }
  }
}

/**
 * While the lock of a record is alive nobody but its member gets it: it may go to another only once the member has said what
 * became of it, is gone, or the lock is over.
 */
export const SHARE_LOCK_EXCLUDES: Invariant = {
  id: 53,
  name: 'ShareLockExcludes',
  source: 'KIP-932, SharePartition.acquire',
  onShare(scene, change) {
    const { share, sameLeader } = change;
    if (!sameLeader) return;
    for (const [old, run] of overlaps(change)) {
      const isHeld = old.state === ACQUIRED && old.next === null && old.lockedUntil > scene.view.now;
      if (!isHeld || run.state !== ACQUIRED || run.memberId === old.memberId) continue;
      if (!share.hasSession(old.memberId)) continue;
      const offset = Math.max(old.first, run.first);
      scene.report(this, {
        subject: `${share.groupId} ${share.name}`,
        sentence: `Offset ${offset} of ${share.name} goes to another member of ${share.groupId} while the first has it locked.`,
        partition: share.name,
        offsets: [offset, Math.min(old.last, run.last)],
      });
    }
  },
};

/** No record is delivered more often than the group allows. */
export const SHARE_DELIVERY_LIMIT: Invariant = {
  id: 54,
  name: 'ShareDeliveryLimit',
  source: 'KIP-932, share.delivery.count.limit',
  onShare(scene, change) {
    const { share } = change;
    for (const [old, run] of overlaps(change)) {
      if (run.deliveryCount <= share.deliveryCountLimit || run.deliveryCount <= old.deliveryCount) continue;
      scene.report(this, {
        subject: `${share.groupId} ${share.name}`,
        sentence: `Offset ${run.first} of ${share.name} is delivered ${run.deliveryCount} times, and ${share.groupId} allows ${share.deliveryCountLimit}.`,
        partition: share.name,
        offsets: [run.first, run.last],
      });
    }
  },
};
