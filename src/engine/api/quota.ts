/** Whose quota it is: a user's, a client id's, or that of both together, or a machine's; null means whoever has none of their own. */
export interface QuotaOwner {
  /** Nobody logs in here: everybody is the user ANONYMOUS. */
  readonly user?: string | null;
  readonly clientId?: string | null;
  /** A machine by its name, which is its address here. */
  readonly ip?: string | null;
}

/** Quotas that the model honours, by the names that Kafka has for them. */
export const QUOTA_KEYS = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
  'connection_creation_rate',
] as const;

/** Those of users and clients that each broker holds them to by itself. */
export const CLIENT_QUOTA_KEYS = ['producer_byte_rate', 'consumer_byte_rate', 'request_percentage'] as const;

export type ClientQuotaKey = (typeof CLIENT_QUOTA_KEYS)[number];

export type QuotaKey = (typeof QUOTA_KEYS)[number];

/** A quota that a cluster begins with (KIP-546). */
export interface QuotaSpec extends QuotaOwner {
  readonly key: QuotaKey;
  /**
   * Bytes a second; for `request_percentage` percent of one thread’s time (KIP-124), for `controller_mutation_rate` partitions made or taken away a second (KIP-599), for
   * `connection_creation_rate` connections a second (KIP-612).
   */
  readonly value: number;
}

/** Why there cannot be such a quota, as the end of a sentence, or null. */
export function quotaProblem(owner: QuotaOwner, { key, value }: Setting): string | null {
  const isOfAddress = key === 'connection_creation_rate';
  const isOfClient = owner.user !== undefined || owner.clientId !== undefined;
  if (isOfAddress && (owner.ip === undefined || isOfClient))
    return `must say of which ip ${key} is, and of nobody else.`;
  if (!isOfAddress && owner.ip !== undefined) return `cannot have ${key} of an ip.`;
  if (!isOfAddress && !isOfClient) return 'must say whose it is: of a user, a clientId, or both.';
  if (!FRACTIONAL.includes(key) && value !== null && !Number.isInteger(value))
    return `must have a whole number for ${key}, not ${value}.`;
  return null;
}

const FRACTIONAL: readonly QuotaKey[] = ['request_percentage', 'controller_mutation_rate'];

interface Setting {
  readonly key: QuotaKey;
  readonly value: number | null;
}

/** Whose quota, in words: `client p1`. */
export function ownerName({ user, clientId, ip }: QuotaOwner): string {
  const of = (kind: string, name: string | null): string =>
    name === null ? `every ${kind} without one` : `${kind} ${name}`;
  const parts = [
    ...(user === undefined ? [] : [of('user', user)]),
    ...(clientId === undefined ? [] : [of('client', clientId)]),
    ...(ip === undefined ? [] : [of('machine', ip)]),
  ];
  return parts.join(', ');
}
