import type { Kernel } from './kernel.ts';
import type { Armed, NodeSlot } from './kernel-state.ts';

/** A process has come to the step at which it is to crash. Deliberately no Error: programs catch errors of what they run. */
class Crashed {
  readonly anchor: string;

  constructor(anchor: string) {
    this.anchor = anchor;
  }
}

/** Counts a step that a process has come to, and throws if it is the one. */
export function reachAnchor(slot: NodeSlot, name: string): void {
  const due = slot.armed.find(({ anchor, passes }) => anchor === name && passes === 0);
  slot.armed = Object.freeze(slot.armed.filter((each) => each !== due).map((each) => passed(each, name)));
  if (due === undefined) return;
  const reason: unknown = new Crashed(name);
  throw reason;
}

const passed = (armed: Armed, name: string): Armed =>
  armed.anchor === name ? Object.freeze({ ...armed, passes: Math.max(armed.passes - 1, 0) }) : armed;

/** Runs code of a process that may crash on its way. The process is killed there: its memory is lost, its disk is kept. */
export function crashAtAnchor(kernel: Kernel, slot: NodeSlot, run: () => void): void {
  try {
    run();
  } catch (reason) {
    if (!(reason instanceof Crashed)) throw reason;
    kernel.trace(slot.id, crashed(reason.anchor));
    kernel.stop(slot.id, { powerLoss: false });
  }
}

const crashed = (anchor: string) => ({ type: 'crashed-at', anchor }) as { readonly type: string };
