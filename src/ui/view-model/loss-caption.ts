import type { TraceEventData } from '../../engine/api/trace-event.ts';
import { plural } from './number-format.ts';

type Loss = Extract<TraceEventData, { readonly type: 'records-lost' }>;

/** What became of acknowledged records of one partition. */
export const lossSentence = ({ partition, lost, before }: Loss): string =>
  lossOn(lost - before, `of ${partition}`);

/** Losses, or returns, of one moment. */
export const lossesSentence = (losses: readonly Loss[]): string =>
  lossOn(
    losses.reduce((sum, { lost, before }) => sum + lost - before, 0),
    `on ${plural(losses.length, 'partition')}`,
  );

function lossOn(change: number, where: string): string {
  const n = Math.abs(change);
  const what = `${plural(n, 'acknowledged record')} ${where}`;
  const [are, were, them] = n === 1 ? ['is', 'was', 'it'] : ['are', 'were', 'them'];
  return change > 0
    ? `${what} ${are} lost: what counts as the log now does not have ${them}.`
    : `${what} that ${were} lost ${are} there again: what counts as the log now has ${them}.`;
}
