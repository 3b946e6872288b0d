import type { SHARE_CONSUMER_CONFIG } from '../share-consumer-config.ts';
import { CONSUMER_EFFECTS } from './client-effects.ts';

type Key = keyof typeof SHARE_CONSUMER_CONFIG;

/** What a person sees change, by key: one sentence. */
export const SHARE_CONSUMER_EFFECTS: Readonly<Record<Key, string>> = {
  ...CONSUMER_EFFECTS,
  'share.acknowledgement.mode':
    'Whether the next poll accepts all that the last one returned (implicit), or the application says what became of each record (explicit).',
  'share.acquire.mode':
    'Whether records are acquired up to the end of a batch, or never more than max.poll.records.',
};
