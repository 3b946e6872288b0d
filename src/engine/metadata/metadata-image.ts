import type { Uuid } from '../protocol/uuid.ts';
import type { ClientQuota } from './client-quotas.ts';
import { CONFIG_RESOURCE } from './metadata-record.ts';
import { isReplicaOnline } from './directory-id.ts';
import type { PartitionRegistration } from './partition-registration.ts';

/**
 * The cluster as the metadata log describes it up to an offset. Every node that follows the log keeps its own image,
 * and only `replay` changes it. The values of the maps are frozen, so a fork of an image copies pointers only.
 */
export interface MetadataImage {
  /** Highest offset of the metadata log that is applied; −1 for none. */
  offset: number;
  /** Of the leader that wrote the record there; 0 for none. */
  epoch: number;
  /** In order of first registration. */
  readonly brokers: Map<number, BrokerRegistration>;
  /** In order of creation. */
  readonly topics: Map<string, TopicImage>;
  readonly topicNames: Map<Uuid, string>;
  /** Dynamic configuration by {@link configResource}. */
  readonly configs: Map<string, ConfigEntries>;
  /** By entity. */
  readonly quotas: Map<string, ClientQuota>;
  /** Levels of finalized features; one that is not here is at 0. */
  readonly features: Map<string, number>;
  /** All producer ids below have been handed out. */
  nextProducerId: number;
}

/** A broker as the controller knows it (`BrokerRegistration`). Frozen. */
export interface BrokerRegistration {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly incarnationId: Uuid;
  readonly rack: string | null;
  readonly logDirs: readonly Uuid[];
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

/** Frozen; the partition with number p is `partitions[p]`. */
export interface TopicImage {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitions: readonly PartitionRegistration[];
}

/** Overrides as text, by key. Frozen. */
export type ConfigEntries = Readonly<Record<string, string>>;

export const emptyImage = (): MetadataImage => ({
  offset: -1,
  epoch: 0,
  brokers: new Map(),
  topics: new Map(),
  topicNames: new Map(),
  configs: new Map(),
  quotas: new Map(),
  features: new Map(),
  nextProducerId: 0,
});

export function topicById(image: MetadataImage, id: Uuid): TopicImage | undefined {
  const name = image.topicNames.get(id);
  return name === undefined ? undefined : image.topics.get(name);
}

export const partitionOf = (
  image: MetadataImage,
  topic: string,
  partition: number,
): PartitionRegistration | undefined => image.topics.get(topic)?.partitions[partition];

/** Whether the broker is registered, not fenced and not shutting down: it may lead and may join an ISR. */
export function isActive(image: MetadataImage, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

/** Whether clients may be sent to this broker: registered and not fenced. */
export function isAlive(image: MetadataImage, brokerId: number): boolean {
  return image.brokers.get(brokerId)?.fenced === false;
}

/** Whether the replica can be used: its broker is alive, and so is its directory there. */
export const isOnline = (image: MetadataImage, partition: PartitionRegistration, brokerId: number): boolean =>
  isAlive(image, brokerId) && hasDirectory(image, partition, brokerId);

/** Whether the directory of a replica serves, as all do where the metadata names none. */
export const hasDirectory = (
  image: MetadataImage,
  partition: PartitionRegistration,
  brokerId: number,
): boolean => partition.directories.length === 0 || isReplicaOnline(image, partition, brokerId);

/** Key of a resource in {@link MetadataImage.configs}. */
export const configResource = (resourceType: number, resourceName: string): string =>
  `${resourceType}/${resourceName}`;

const NO_ENTRIES: ConfigEntries = Object.freeze({});

/** Overrides that the topic itself has. */
export const topicOverrides = (image: MetadataImage, topic: string): ConfigEntries =>
  image.configs.get(configResource(CONFIG_RESOURCE.TOPIC, topic)) ?? NO_ENTRIES;

/** Overrides that a group has; a group has them before it begins, and after it is gone. */
export const groupOverrides = (image: MetadataImage, groupId: string): ConfigEntries =>
  image.configs.get(configResource(CONFIG_RESOURCE.GROUP, groupId)) ?? NO_ENTRIES;

/** Dynamic overrides of one broker, or with `null` those that hold for all brokers. */
export const brokerOverrides = (image: MetadataImage, brokerId: number | null): ConfigEntries =>
  image.configs.get(configResource(CONFIG_RESOURCE.BROKER, brokerId === null ? '' : `${brokerId}`)) ??
  NO_ENTRIES;
