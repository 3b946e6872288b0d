import type { ApplicationView } from '../api/views/application.ts';
import type { TransactionView } from '../api/views/group.ts';
import { bookOf, exactlyOnce, isClosed, isOf, type ApplicationBook } from './application-book.ts';
import { flowOf, type Flow } from './application-flow.ts';
import type { Scene } from './invariant.ts';
import { readOn } from './read-application.ts';

/** From this version on transactions can be told apart by their epochs (KIP-890). */
const OWN_EPOCHS = 2;

/** Calls `check` for each application whose committed records are a cut: no transaction counts in one place only. */
export function atCuts(
  scene: Scene,
  check: (application: ApplicationView, flow: Flow, book: ApplicationBook) => void,
): void {
  for (const application of exactlyOnce(scene)) {
    const flow = flowOf(application);
    if (flow === undefined) continue;
    const book = readOn(scene, application, flow);
    if (!book.isVoid && isClosed(book)) check(application, flow, book);
  }
}

/** Takes down that a transaction of an application is complete; false if it is not. */
export function noteCompleted(scene: Scene, after: TransactionView): boolean {
  if (!after.state.startsWith('Complete') || after.version < OWN_EPOCHS) return false;
  const application = exactlyOnce(scene).find((candidate) => isOf(candidate, after));
  if (application === undefined) return false;
  bookOf(scene.ghost, application).completed.set(after.producerId, after.producerEpoch);
  return true;
}
