import type { CommandAct } from '../../api/command.ts';
import type { NodeId } from '../../api/ids.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import { removeSession } from '../../broker/fetch-session-cache.ts';
import { applyAct } from '../../cluster/commands.ts';
import type { Kernel } from '../../sim/kernel.ts';

/** What is done to a cluster in a run of the swarm: what people can do, and what only chance does. */
export type SwarmAct =
  | CommandAct
  /** What `from` sends to `to` does not arrive; the other direction works. */
  | { readonly type: 'cut-one-way' | 'heal-one-way'; readonly from: NodeId; readonly to: NodeId }
  /** A broker forgets the fetch sessions of its followers, as when its cache is full (KIP-227). */
  | { readonly type: 'evict-sessions'; readonly node: NodeId };

/** What it is told as to whoever asks what was done to the run; undefined for what is no fault. */
export function commandOf(act: SwarmAct): CommandAct | undefined {
  switch (act.type) {
    case 'cut-one-way':
      return { type: 'cut-link', a: act.from, b: act.to };
    case 'heal-one-way':
      return { type: 'heal-link', a: act.from, b: act.to };
    case 'evict-sessions':
      return undefined;
    default:
      return act;
  }
}

export function applySwarmAct(kernel: Kernel, act: SwarmAct): void {
  switch (act.type) {
    case 'cut-one-way':
    case 'heal-one-way':
      kernel.act(act.from, { type: 'command', act: commandOf(act) } as { readonly type: string }, () =>
        kernel.setOneWayCut(act.from, act.to, act.type === 'cut-one-way'),
      );
      return;
    case 'evict-sessions': {
      const memory = kernel.slot(act.node).memory as BrokerMemory | undefined;
      for (const session of [...(memory?.sessions.values() ?? [])])
        if (memory !== undefined) removeSession({ memory }, session);
      return;
    }
    default:
      applyAct(kernel, act);
  }
}
