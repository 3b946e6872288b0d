import type { BatchView, LogView } from '../api/views/log.ts';
import type { BrokerView, ClusterView, RegistrationView } from '../api/cluster-view.ts';
import type { Tape } from '../api/scenario.ts';
import { cleanedTo, NewestOfKey } from './cleaning.ts';
import { endOf } from './invariant.ts';
import type { Ack, PartitionGhost } from './ghost.ts';

/**
 * Brokers whose log counts as the partition: the leader by the controller's word if it leads, or else whoever may still be
 * elected without loss: what a machine has lost that others have is not lost.
 */
function holders(view: ClusterView, name: string, registration: RegistrationView): readonly number[] {
  const { leader } = registration;
  const broker = view.brokers.find(({ id }) => id === leader);
  if (broker?.replicas.some((replica) => replica.name === name && replica.role === 'leader') === true)
    return [leader];
  const electable = [...new Set([...registration.isr, ...registration.elr])];
  return electable.length > 0 ? electable : registration.lastKnownElr;
}

interface HeldLog {
  readonly broker: BrokerView;
  readonly log: LogView;
  /** First offset that retention has left. */
  readonly start: number;
  /** Below, records may lack that newer ones of their key have made needless. */
  readonly cleanedTo: number;
  readonly newest: NewestOfKey;
}

/** The logs of the holders, whether their processes run or not. */
export function heldLogs(view: ClusterView, partition: PartitionGhost): readonly HeldLog[] | undefined {
  const registration = view.partition(partition.topic, partition.partition);
  if (registration === undefined) return undefined;
  const logs: HeldLog[] = [];
  const cleaned = cleanedTo(view, partition.name);
  const newest = new NewestOfKey(partition);
  for (const id of holders(view, partition.name, registration)) {
    const broker = view.brokers.find((candidate) => candidate.id === id);
    const log = broker?.stored(partition.name);
    if (broker === undefined || log === undefined) continue;
    const replica = broker.replicas.find(({ name }) => name === partition.name);
    const start = cleaned > 0 ? 0 : (log.first?.baseOffset ?? 0);
    logs.push({ broker, log, start: Math.max(replica?.logStart ?? 0, start), cleanedTo: cleaned, newest });
  }
  return logs;
}

/** Value of the record at an offset; undefined if the batch does not have it. */
export function valueIn({ records, baseOffset }: BatchView, offset: number): string | null | undefined {
  const { offsetDeltas } = records;
  const index = offsetDeltas === undefined ? offset - baseOffset : offsetDeltas.indexOf(offset - baseOffset);
  return records.values[index];
}

/** How many records of an acknowledged send a log lacks. What retention deleted or the cleaner took is not lacking. */
function lackingIn(
  { log, start, cleanedTo: cleaned, newest }: HeldLog,
  tape: Tape,
  { baseOffset, rows }: Ack,
): number {
  let lacking = 0;
  let batch: BatchView | undefined;
  for (let i = 0; i < rows.length; i++) {
    const offset = baseOffset + i;
    if (offset < start) continue;
    if (batch === undefined || offset >= endOf(batch)) batch = log.at(offset);
    const value = batch === undefined ? undefined : valueIn(batch, offset);
    const row = rows[i] as number;
    if (value === tape.values[row]) continue;
    // The cleaner takes tombstones away in the end.
    if (offset < cleaned && tape.values[row] === null) continue;
    if (offset >= cleaned || !newest.supersedes(tape.keys[row] ?? null, offset)) lacking += 1;
  }
  return lacking;
}

/** Records of one acknowledged send that no holder has. */
export function lostOf(view: ClusterView, logs: readonly HeldLog[], ack: Ack): number {
  const tape = view.producers.find(({ node }) => node === ack.producer)?.tape;
  if (tape === undefined) return 0;
  let least = ack.rows.length;
  for (const held of logs) least = Math.min(least, lackingIn(held, tape, ack));
  return least;
}

/**
 * Acknowledged records of a partition that are lost, at their offsets. Looks only at what was acknowledged since the last
 * time, unless the holder is another one or its log was cut: then at everything.
 */
export function lostRecords(view: ClusterView, partition: PartitionGhost): number {
  const { holding, acks } = partition;
  if (acks.end === 0) return 0;
  const logs = heldLogs(view, partition);
  if (logs === undefined) return holding.lost;
  const key = keyOf(logs);
  if (key !== holding.key || wasCut(logs, partition)) {
    holding.key = key;
    holding.acks = acks.start;
    holding.lost = 0;
  }
  for (; holding.acks < acks.end; holding.acks++) holding.lost += lostOf(view, logs, acks.at(holding.acks));
  const last = logs[0]?.log.last;
  holding.last = last;
  holding.end = last === undefined ? 0 : endOf(last);
  return holding.lost;
}

/** Several holders do not grow, for nobody leads: where they end is part of who they are. */
const keyOf = (logs: readonly HeldLog[]): string =>
  logs.length === 1
    ? `${logs[0]?.broker.id}`
    : logs
        .map(({ broker, log }) => `${broker.id}:${log.last?.baseOffset}:${log.last?.partitionLeaderEpoch}`)
        .join();

function wasCut(logs: readonly HeldLog[], { holding }: PartitionGhost): boolean {
  const log = logs[0]?.log;
  if (holding.last === undefined || log === undefined) return false;
  const { baseOffset } = holding.last;
  return log.at(baseOffset) !== holding.last && baseOffset >= (log.first?.baseOffset ?? 0);
}
