import { committedAt } from '../committed-log.ts';
import { endOf, type Invariant, type ReplicaChange, type Scene } from '../invariant.ts';
import { holdsNothing, mayBeSkipped } from '../skipping.ts';
import { visitGiven } from './poll-order.ts';
import { RETENTION_ONLY_DELETE } from './retention-only-delete.ts';

/**
 * The same; and it moves only by what is too old or too much, by what somebody has asked to delete, or to where another
 * replica's log begins. Who asks for what was deleted is told so: no reader gets from before the start of a log to behind
 * it without OFFSET_OUT_OF_RANGE and `auto.offset.reset`.
 */
export const RETENTION_ONLY_DELETE_IN_FULL: Invariant = {
  ...RETENTION_ONLY_DELETE,
  onReplica(scene, change) {
    RETENTION_ONLY_DELETE.onReplica?.call(this, scene, change);
    const { broker, replica, partition, before, isNew, wasCut } = change;
    const { name, logStart } = replica;
    if (logStart <= before.logStart) return;
    const isFine = isNew || wasCut || isKnownStart(scene, change) || isRetention(change);
    partition.deletedTo = Math.max(partition.deletedTo, logStart);
    if (isFine) return;
    scene.report(this, {
      subject: name,
      sentence: `Broker ${broker.id} deletes ${name} up to ${logStart}: nobody asked for that, and it is neither old enough nor too much.`,
      partition: name,
      offsets: [before.logStart, logStart],
      brokers: [broker.id],
    });
  },
  onPoll(scene, poll) {
    visitGiven(poll, ({ stretch }) => {
      const { name, from, to } = stretch;
      if (from >= to || !mayBeSkipped(scene, stretch) || holdsNothing(scene, stretch)) return;
      const { node } = poll.reader;
      scene.report(this, {
        subject: `${node} ${name}`,
        sentence: `${node} is given ${name} at ${to} where ${from} was next, and was not told that what lies between is deleted.`,
        partition: name,
        offsets: [from, to],
      });
    });
  },
};

/** An application deletes what it has read of its own topics between its parts. */
const isRepartition = ({ view }: Scene, topic: string): boolean =>
  topic.endsWith('-repartition') && view.applications.some(({ id }) => topic.startsWith(`${id}-`));

/** Another replica has begun there or later, somebody wants it so, or an application is through with it. */
function isKnownStart(scene: Scene, { replica, partition }: ReplicaChange): boolean {
  const { ghost } = scene;
  const { logStart, name, topic } = replica;
  if (logStart <= partition.deletedTo || isRepartition(scene, topic)) return true;
  if (logStart <= (ghost.deletions.get(name) ?? 0)) return true;
  for (const { replicas } of ghost.brokers.values())
    if ((replicas.get(name)?.logStart ?? 0) >= logStart) return true;
  return false;
}

/** Whether all that is gone is older than `retention.ms`, or what is left is not less than `retention.bytes`. */
function isRetention({ broker, replica, partition, before }: ReplicaChange): boolean {
  const { retention, logStart, sizeInBytes } = replica;
  if (retention.bytes >= 0 && sizeInBytes >= retention.bytes) return true;
  if (retention.ms < 0) return false;
  const oldest = broker.wallClockMs - retention.ms;
  for (let offset = before.logStart; offset < logStart;) {
    const batch = committedAt(partition, offset);
    if (batch === undefined || batch.baseOffset >= logStart) return true;
    if (batch.maxTimestamp >= oldest) return false;
    offset = endOf(batch);
  }
  return true;
}
