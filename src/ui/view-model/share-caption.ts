import type { TraceEventData } from '../../engine/api/trace-event.ts';
import type { Names } from './caption.ts';
import { count, plural } from './number-format.ts';

export type ShareEvent = Extract<TraceEventData, { readonly type: `share-${string}` }>;

export const isShareEvent = (data: TraceEventData): data is ShareEvent => data.type.startsWith('share-');

/** What became of records of a share group in one partition. */
export function shareSentence(data: ShareEvent, names: Names): string {
  const { group, partition, records, firstOffset } = data;
  const what = `${plural(records, 'record')} of ${partition}, from offset ${count(firstOffset)}`;
  switch (data.type) {
    case 'share-locks-expired':
      return `The locks of ${what}, are over: nobody said in time what became of them. Group ${group} delivers them again.`;
    case 'share-records-redelivered':
      return `${names.node(data.member)} gets ${what}, that were with group ${group} before: delivery ${count(data.deliveryCount)}.`;
    case 'share-records-archived':
      return data.reason === 'rejected'
        ? `A member of group ${group} rejects ${what}: nobody gets them again.`
        : `Group ${group} gives up ${what}: delivered too often, and accepted by nobody.`;
  }
}
