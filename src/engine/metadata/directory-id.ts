import { uuidToBytes, ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import type { MetadataImage } from './metadata-image.ts';
import type { PartitionRegistration } from './partition-registration.ts';

/** Ids that stand for no directory in particular (KIP-858, `DirectoryId`). */
export const DIRECTORY = {
  /** Some directory that the controller was not told of, where the replica has been for long. */
  MIGRATING: ZERO_UUID,
  /** None yet: the broker will choose. */
  UNASSIGNED: 'AAAAAAAAAAAAAAAAAAAAAQ',
  /** One that is gone. */
  LOST: 'AAAAAAAAAAAAAAAAAAAAAg',
} as const;

/** The first hundred ids are no directory's own. */
export function isReservedDirectory(id: Uuid): boolean {
  const bytes = uuidToBytes(id);
  for (let i = 0; i < 15; i++) if (bytes.charCodeAt(i) !== 0) return false;
  return bytes.charCodeAt(15) < 100;
}

/** In which directory of its broker the replica is, as far as the metadata says. */
export const directoryOf = ({ replicas, directories }: PartitionRegistration, brokerId: number): Uuid =>
  directories[replicas.indexOf(brokerId)] ?? DIRECTORY.MIGRATING;

/** Whether the directory of a replica serves. */
export const isReplicaOnline = (
  image: MetadataImage,
  partition: PartitionRegistration,
  brokerId: number,
): boolean => hasOnlineDirectory(image, brokerId, directoryOf(partition, brokerId));

/** Whether a directory of this id serves on a broker. One that registered no directories has a single one, which does. */
function hasOnlineDirectory(image: MetadataImage, brokerId: number, directory: Uuid): boolean {
  const logDirs = image.brokers.get(brokerId)?.logDirs ?? [];
  if (logDirs.length === 0 || directory === DIRECTORY.UNASSIGNED || directory === DIRECTORY.MIGRATING)
    return true;
  return logDirs.includes(directory);
}

/** Where a new replica goes: the only directory of its broker, or one that the broker chooses. */
export function defaultDirectory(image: MetadataImage, brokerId: number): Uuid {
  const [first, ...others] = image.brokers.get(brokerId)?.logDirs ?? [];
  if (first === undefined) return DIRECTORY.MIGRATING;
  return others.length === 0 ? first : DIRECTORY.UNASSIGNED;
}

/** Where new replicas go, each on its broker. */
export const newDirectories = (image: MetadataImage, replicas: readonly number[]): readonly Uuid[] =>
  replicas.map((id) => defaultDirectory(image, id));
