import { below } from '../../base/prng.ts';
import { millis, type SimTime } from '../../base/time.ts';
import type { MetadataRequest, MetadataResponse } from '../../protocol/metadata.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { retryBackoff } from '../backoff.ts';
import { applyMetadata, partitionCount, type ClusterMetadata } from './cluster-metadata.ts';
import {
  armNetworkTimer,
  isReady,
  NEVER,
  readyAt,
  sendRequest,
  type Destination,
  type NetworkClient,
} from './network-client.ts';

/** The topic is wanted from now on. Asks for it if it is not known. */
export function wantTopic<C>(client: NetworkClient<C>, topic: string): void {
  if (client.metadata.wanted.has(topic)) return;
  client.metadata.wanted.add(topic);
  if (partitionCount(client.metadata, topic) > 0) return;
  client.refresh.needed = true;
  client.refresh.notBefore = 0;
}

/** What is known may be wrong: fetch it anew as soon as the backoff allows. */
export function requestMetadata<C>(client: NetworkClient<C>): void {
  client.refresh.needed = true;
}

/** When the next refresh is due. */
function refreshDueAt<C>(client: NetworkClient<C>): SimTime {
  const { refresh, metadata, settings } = client;
  if (refresh.inFlight || (metadata.scope === 'wanted' && metadata.wanted.size === 0)) return NEVER;
  if (refresh.needed) return refresh.notBefore;
  return metadata.updatedAt + millis(settings.config['metadata.max.age.ms']);
}

/**
 * Sends a Metadata request if one is due and some broker can take it, else arms the timer for when it is. `context`
 * marks the request as the client's own.
 */
export function maintainMetadata<C>(client: NetworkClient<C>, context: NodeContext, mark: C): void {
  const due = refreshDueAt(client);
  if (due === NEVER) return;
  if (due > context.now()) {
    armNetworkTimer(client, context, due);
    return;
  }
  const destination = leastLoadedBroker(client, context);
  if (destination === undefined || !isReady(client, context, destination)) {
    armNetworkTimer(client, context, context.now() + millis(client.settings.config['reconnect.backoff.ms']));
    return;
  }
  client.refresh.inFlight = true;
  client.refresh.needed = false;
  sendRequest(client, context, {
    destination,
    api: 'Metadata',
    body: {
      topics: topicsToAsk(client.metadata),
      allowAutoTopicCreation: client.settings.autoCreateTopics,
      includeTopicAuthorizedOperations: false,
    },
    context: mark,
  });
}

function topicsToAsk({ scope, wanted }: ClusterMetadata): MetadataRequest['topics'] {
  if (scope === 'all') return null;
  if (scope !== 'wanted') return scope.map((topicId) => ({ topicId, name: null }));
  return [...wanted].sort().map((name) => ({ topicId: ZERO_UUID, name }));
}

/** Takes over the answer of a Metadata request, or undefined when it was lost. */
export function handleMetadata<C>(
  client: NetworkClient<C>,
  context: NodeContext,
  response: MetadataResponse | undefined,
): void {
  const { refresh, settings, metadata } = client;
  refresh.inFlight = false;
  const incomplete = response === undefined || applyMetadata(metadata, response, context.now());
  const changedWanted = [...metadata.wanted].some(
    (topic) => !metadata.topics.has(topic) && !metadata.topicErrors.has(topic),
  );
  if (incomplete || changedWanted) refresh.needed = true;
  refresh.attempts = incomplete ? refresh.attempts + 1 : 0;
  const wait = retryBackoff(
    context.prng(`${client.prefix}:metadata`),
    settings.config,
    Math.max(refresh.attempts - 1, 0),
  );
  refresh.notBefore = changedWanted && !incomplete ? 0 : context.now() + millis(wait);
}

/** Brokers alive by the last answer, ascending; before the first answer those to start with. */
function knownBrokers<C>(client: NetworkClient<C>): number[] {
  const { brokers } = client.metadata;
  const ids = brokers.size > 0 ? [...brokers.keys()] : client.settings.bootstrap.map(([id]) => id);
  return ids.sort((a, b) => a - b);
}

/**
 * The broker with the fewest requests under way among those connected, else one that may be connected to now
 * (`NetworkClient.leastLoadedNode`). Ties go to a broker drawn at random.
 */
export function leastLoadedBroker<C>(
  client: NetworkClient<C>,
  context: NodeContext,
): Destination | undefined {
  const brokers = knownBrokers(client);
  if (brokers.length === 0) return undefined;
  const start = below(context.prng(`${client.prefix}:broker`), brokers.length);
  const now = context.now();
  let best: Destination | undefined;
  let bestRank = NEVER;
  for (let i = 0; i < brokers.length; i++) {
    const broker = brokers[(start + i) % brokers.length] as number;
    const rank = rankOf(client, broker, now);
    if (rank < bestRank) {
      best = broker;
      bestRank = rank;
    }
  }
  return best;
}

const UNESTABLISHED = 1_000_000;
const CLOSED = 2_000_000;

/** Lower is better: connected by requests under way, then being connected, then to be connected by failures. */
function rankOf<C>(client: NetworkClient<C>, broker: number, now: SimTime): number {
  const to = client.connections.get(broker);
  if (to === undefined) return CLOSED;
  if (to.connection === 0) return readyAt(client, broker) > now ? NEVER : CLOSED + to.failures;
  if (to.inFlight.length >= client.settings.maxInFlight) return NEVER;
  return (to.established ? 0 : UNESTABLISHED) + to.inFlight.length;
}
