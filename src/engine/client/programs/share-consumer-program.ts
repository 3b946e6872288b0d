import type { Program } from '../../sim/node-context.ts';
import { shareReader } from './share-reader.ts';
import type { ShareReaderConfig, ShareReaderMemory } from './share-reader-state.ts';

/** A process that reads topics as a member of a share group (KIP-932). */
export const shareConsumerProgram: Program<ShareReaderConfig, ShareReaderMemory> = {
  kind: 'share-consumer',
  start: (...of) => shareReader().start(...of),
  onMessage: (...of) => shareReader().onMessage(...of),
  onTimer: (...of) => shareReader().onTimer(...of),
  onDisconnect: (...of) => shareReader().onDisconnect(...of),
  onSignal: (...of) => shareReader().onSignal(...of),
};
