import { topicPartition } from '../../api/ids.ts';
import { millis } from '../../base/time.ts';
import { adminCall } from '../../client/admin/admin.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import { consumerShare } from '../../client/consumer/consumer.ts';
import type { GroupSubscription, MemberShare } from '../../client/consumer/consumer-state.ts';
import { partitionCount } from '../../client/network/cluster-metadata.ts';
import { byTopic } from '../../client/consumer/assignor/sticky-user-data.ts';
import type { TopicPartition } from '../../client/consumer/subscription-state.ts';
import type { ConsumerSubscription } from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { planOf, type ApplicationPlan } from './application-plan.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { internalTopics, type InternalTopic } from './internal-topics.ts';
import { hostTasks, type HostTasks } from '../assignor/host-tasks.ts';
import { ASSIGNOR_ERRORS, decodeMemberData, encodeTasks, NO_TASKS } from '../assignor/member-data.ts';
import { partitionCounts, taskCount, type PartitionCounts } from './partition-counts.ts';
import { subTopologyOf } from './runtime-task.ts';
import { newClientState, sorted, type ClientState } from '../assignor/client-state.ts';
import { assignTasks } from '../assignor/high-availability-assignor.ts';
import { isOthers, ownersOf } from '../assignor/owned-partitions.ts';
import { changelogsOf, taskLags, type ChangelogEnds } from './task-lags.ts';
import { partitionOf, taskId, type TaskId } from '../assignor/task-id.ts';

/** Stream threads of an instance. */
const THREADS = 1;
const LATEST_OFFSET = -1;
const NEVER_AGAIN = -1;
const AT_ONCE = 0;

/**
 * This instance leads the group: makes sure that the internal topics exist, then shares the tasks out
 * (`StreamsPartitionAssignor.assign`). While source topics are missing nobody gets anything, and the group will share
 * out anew when they appear; Kafka's instances would shut down.
 */
export function beginSharing(
  memory: StreamsMemory,
  context: NodeContext,
  members: readonly GroupSubscription[],
): void {
  if (members.some(({ subscription }) => asksForShutdown(subscription))) {
    memory.sharing = null;
    shareNothing(memory, context, members, ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED);
    return;
  }
  const plan = planOf(memory.config);
  const { metadata } = memory.main.network;
  const counts = partitionCounts(plan.topology, (topic) => partitionCount(metadata, topic));
  if ('missing' in counts) {
    memory.sharing = null;
    shareNothing(memory, context, members, ASSIGNOR_ERRORS.NONE);
    return;
  }
  const topics = internalTopics(plan.topology, counts, plan.settings);
  if (topics.length === 0) askForEnds(memory, context, { members, counts, topics });
  else describe(memory, context, { members, counts, topics });
}

const asksForShutdown = ({ userData }: ConsumerSubscription): boolean =>
  decodeMemberData(userData).errorCode === ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED;

type Waiting = Omit<NonNullable<StreamsMemory['sharing']>, 'token'>;

function describe(memory: StreamsMemory, context: NodeContext, waiting: Waiting): void {
  const topics = waiting.topics.map(({ name }) => name);
  const token = adminCall(memory.admin, context, { type: 'describe-topics', topics });
  memory.sharing = Object.freeze({ ...waiting, token });
}

type Described = Extract<AdminNotice, { type: 'topics-described' }>;

/** Makes what is missing. Throws a {@link StreamsError} if a topic exists with another number of partitions. */
export function takeDescriptions(memory: StreamsMemory, context: NodeContext, notice: Described): void {
  const { sharing } = memory;
  if (sharing === null || sharing.token !== notice.token) return;
  if (notice.error !== NONE) {
    describe(memory, context, sharing);
    return;
  }
  const found = new Map(notice.topics.map(({ name, partitions }) => [name, partitions]));
  const missing = sharing.topics.filter(({ name }) => (found.get(name) ?? 0) === 0);
  for (const topic of sharing.topics)
    if (!missing.includes(topic)) checkCount(topic, found.get(topic.name) ?? 0);
  if (missing.length === 0) {
    askForEnds(memory, context, sharing);
    return;
  }
  const topics = missing.map(creatable);
  const token = adminCall(memory.admin, context, { type: 'create-topics', topics });
  memory.sharing = Object.freeze({ ...sharing, token });
}

function checkCount({ name, partitions }: InternalTopic, actual: number): void {
  if (partitions === actual) return;
  throw new StreamsError(
    'StreamsException',
    `Existing internal topic ${name} has invalid partitions: expected: ${partitions}; actual: ${actual}.`,
  );
}

const creatable = ({ name, partitions, replicationFactor, configs }: InternalTopic) => ({
  name,
  numPartitions: partitions,
  replicationFactor,
  assignments: [],
  configs: Object.keys(configs)
    .sort()
    .map((key) => ({ name: key, value: configs[key] ?? null })),
});

type Created = Extract<AdminNotice, { type: 'topics-created' }>;

/** Throws a {@link StreamsError} if the controller refused for good. */
export function takeCreations(memory: StreamsMemory, context: NodeContext, notice: Created): void {
  const { sharing } = memory;
  if (sharing === null || sharing.token !== notice.token) return;
  for (const { name, errorCode } of notice.topics)
    if (errorCode !== NONE && errorCode !== ERROR_CODES.TOPIC_ALREADY_EXISTS)
      throw new StreamsError('StreamsException', `Could not create topic ${name}: ${errorName(errorCode)}`);
  if (notice.error === NONE) askForEnds(memory, context, sharing);
  else describe(memory, context, sharing);
}

function shareNothing(
  memory: StreamsMemory,
  context: NodeContext,
  members: readonly GroupSubscription[],
  errorCode: number,
): void {
  const userData = encodeTasks({ ...NO_TASKS, errorCode });
  consumerShare(
    memory.main,
    context,
    members.map(({ memberId }) => ({ memberId, partitions: [], userData })),
  );
}

/** How far each member's copy of a task lags is told by where the changelogs end now. */
function askForEnds(memory: StreamsMemory, context: NodeContext, waiting: Waiting): void {
  const plan = planOf(memory.config);
  const partitions = tasksOf(plan, waiting.counts)
    .flatMap((task) => changelogsOf(plan, task))
    .map((changelog) => ({ ...changelog, offset: LATEST_OFFSET }));
  if (partitions.length === 0) {
    share(memory, context, { ...waiting, ends: new Map() });
    return;
  }
  const token = adminCall(memory.admin, context, { type: 'list-offsets', partitions });
  memory.sharing = Object.freeze({ ...waiting, token });
}

type Ends = Extract<AdminNotice, { type: 'partitions-answered' }>;

/** Shares out once all ends are known. */
export function takeSharingEnds(memory: StreamsMemory, context: NodeContext, { results, error }: Ends): void {
  const { sharing } = memory;
  if (sharing === null) return;
  if (error !== NONE || results.some((result) => result.error !== NONE)) askForEnds(memory, context, sharing);
  else {
    const ends = results.map(
      ({ topic, partition, offset }) => [topicPartition(topic, partition), offset] as const,
    );
    share(memory, context, { ...sharing, ends: new Map(ends) });
  }
}

function share(
  memory: StreamsMemory,
  context: NodeContext,
  { members, counts, ends }: Pick<Waiting, 'members' | 'counts'> & { readonly ends: ChangelogEnds },
): void {
  memory.sharing = null;
  const plan = planOf(memory.config);
  const { settings } = plan;
  const tasks = tasksOf(plan, counts);
  const isStateful = (task: TaskId): boolean => changelogsOf(plan, task).length > 0;
  const stateful = tasks.filter(isStateful);
  const clients = members.map(({ memberId, subscription }) =>
    newClientState(memberId, THREADS, taskLags(plan, { stateful, ends, userData: subscription.userData })),
  );
  const again = assignTasks(
    clients,
    { stateful, stateless: tasks.filter((task) => !isStateful(task)) },
    {
      standbys: settings['num.standby.replicas'],
      acceptableLag: settings['acceptable.recovery.lag'],
      warmups: settings['max.warmup.replicas'],
    },
  );
  const probeAt = context.now() + millis(settings['probing.rebalance.interval.ms']);
  const self = memory.main.membership.memberId;
  const hosts = hostsOf(clients, members);
  const owners = ownersOf(members);
  const shares = clients.map(({ id, active, standby }): MemberShare => {
    const isWithheld = (task: TaskId): boolean => isOthers(owners, id, inputsOf(plan, counts, task));
    const withheld = sorted(active).filter(isWithheld);
    const given = sorted(active).filter((task) => !isWithheld(task));
    // What comes to it soon it may begin to read back.
    const copies = sorted([...standby, ...withheld.filter(isStateful)]);
    const probe = again && id === self ? probeAt : NEVER_AGAIN;
    return {
      memberId: id,
      partitions: byTopic(given.flatMap((task) => inputsOf(plan, counts, task))),
      userData: encodeTasks({
        active: given,
        standby: copies,
        probeAt: withheld.length > 0 ? AT_ONCE : probe,
        hosts,
        errorCode: ASSIGNOR_ERRORS.NONE,
      }),
    };
  });
  consumerShare(memory.main, context, shares);
}

/** Who is to have which tasks, whether they get them now or in a follow-up. */
const hostsOf = (clients: readonly ClientState[], members: readonly GroupSubscription[]): HostTasks[] =>
  hostTasks(
    clients.map(({ active, standby }, i) => ({
      host: decodeMemberData(members[i]?.subscription.userData ?? null).endpoint,
      active: sorted(active),
      standby: sorted(standby),
    })),
  );

function tasksOf(plan: ApplicationPlan, counts: PartitionCounts): TaskId[] {
  return plan.topology.subTopologies.flatMap(({ id, sourceTopics }) =>
    Array.from({ length: taskCount(sourceTopics, counts) }, (_, partition) => taskId(id, partition)),
  );
}

/** Input partitions of a task. */
const inputsOf = (plan: ApplicationPlan, counts: PartitionCounts, task: TaskId): TopicPartition[] =>
  subTopologyOf(plan, task)
    .sourceTopics.filter((topic) => partitionOf(task) < (counts.get(topic) ?? 0))
    .map((topic) => ({ topic, partition: partitionOf(task) }));
