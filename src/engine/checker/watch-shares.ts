import type { BrokerView } from '../api/cluster-view.ts';
import type { ShareView } from '../api/views/share.ts';
import type { ShareGhost } from './ghost.ts';
import { having, type Handlers, type Invariant, type Scene } from './invariant.ts';

/** Has it checked where share groups stand, and takes it down. */
export class ShareWatch {
  private readonly onShare: Handlers<'onShare'>;

  constructor(invariants: readonly Invariant[]) {
    this.onShare = having(invariants, 'onShare');
  }

  look(scene: Scene, broker: BrokerView): void {
    for (const share of broker.shares()) this.lookAt(scene, share);
  }

  private lookAt(scene: Scene, share: ShareView): void {
    const { shares } = scene.ghost;
    const key = `${share.groupId} ${share.name}`;
    const known = shares.get(key);
    const { leaderEpoch, stateEpoch, startOffset, runs } = share;
    // Who leads no more may not know it yet, and a group that began anew has nothing to do with what was before.
    if (known === undefined || stateEpoch > known.stateEpoch) {
      shares.set(key, { leaderEpoch, stateEpoch, startOffset, passed: -1, runs });
      return;
    }
    if (stateEpoch < known.stateEpoch || leaderEpoch < known.leaderEpoch) return;
    if (known.runs === runs && known.startOffset === startOffset && known.leaderEpoch === leaderEpoch) return;
    const sameLeader = known.leaderEpoch === leaderEpoch;
    for (const invariant of this.onShare) invariant.onShare(scene, { share, known, sameLeader });
    remember(known, share);
  }
}

function remember(known: ShareGhost, { leaderEpoch, startOffset, logStart, runs }: ShareView): void {
  known.leaderEpoch = leaderEpoch;
  known.startOffset = startOffset;
  known.runs = runs;
  if (startOffset > logStart) known.passed = Math.max(known.passed, startOffset);
}
