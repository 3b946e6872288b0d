import type { Program } from '../../sim/node-context.ts';
import {
  onShareReaderDisconnect,
  onShareReaderMessage,
  onShareReaderSignal,
  onShareReaderTimer,
  startShareReader,
} from './share-reader.ts';
import type { ShareReaderConfig, ShareReaderMemory } from './share-reader-state.ts';

/** A process that reads topics as a member of a share group (KIP-932). */
export const shareConsumerProgram: Program<ShareReaderConfig, ShareReaderMemory> = {
  kind: 'share-consumer',
  start: (context, config) => startShareReader(context, config),
  onMessage: (memory, context, connection, message) =>
    onShareReaderMessage(memory, context, connection, message),
  onTimer: (memory, context, name) => onShareReaderTimer(memory, context, name),
  onDisconnect: (memory, context, connection) => onShareReaderDisconnect(memory, context, connection),
  onSignal: (memory, context, signal) => onShareReaderSignal(memory, context, signal),
};
