import { topicPartition } from '../../api/ids.ts';
import { millis } from '../../base/time.ts';
import { threadCall } from './admin-calls.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import { consumerShare } from '../../client/consumer/consumer.ts';
import type { GroupSubscription, MemberShare } from '../../client/consumer/consumer-state.ts';
import { partitionCount } from '../../client/network/cluster-metadata.ts';
import { byTopic } from '../../client/consumer/assignor/sticky-user-data.ts';
import type { TopicPartition } from '../../client/consumer/subscription-state.ts';
import type { ConsumerSubscription } from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import { LATEST_TIMESTAMP } from '../../protocol/list-offsets.ts';
import type { ThreadContext } from './thread-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { planOf, type ApplicationPlan } from './application-plan.ts';
import type { StreamThread } from './stream-thread.ts';
import { internalTopics, type InternalTopic } from './internal-topics.ts';
import { hostTasks, type HostTasks } from '../assignor/host-tasks.ts';
import { ASSIGNOR_ERRORS, decodeMemberData, encodeTasks, NO_TASKS } from '../assignor/member-data.ts';
import { partitionCounts, taskCount, type PartitionCounts } from './partition-counts.ts';
import { subTopologyOf } from './runtime-task.ts';
import { LATEST, newClientState, sorted, type ClientState } from '../assignor/client-state.ts';
import { assignTasks } from '../assignor/high-availability-assignor.ts';
import { isOthers, ownersOf } from '../assignor/owned-partitions.ts';
import { changelogsOf, taskLags, type ChangelogEnds } from './task-lags.ts';
import { partitionOf, taskId, type TaskId } from '../assignor/task-id.ts';
import { shareAmongThreads, type ThreadShare } from '../assignor/thread-tasks.ts';
import { compareJavaUuids } from '../../protocol/uuid.ts';

const NEVER_AGAIN = -1;
const AT_ONCE = 0;

/**
 * This thread leads the group: makes sure that the internal topics exist, then shares the tasks out
 * (`StreamsPartitionAssignor.assign`). While source topics are missing nobody gets anything, and the group will share
 * out anew when they appear; Kafka's instances would shut down.
 */
export function beginSharing(
  thread: StreamThread,
  context: ThreadContext,
  members: readonly GroupSubscription[],
): void {
  if (members.some(({ subscription }) => asksForShutdown(subscription))) {
    thread.sharing = null;
    shareNothing(thread, context, members, ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED);
    return;
  }
  const plan = planOf(thread.config);
  const { metadata } = thread.main.network;
  const counts = partitionCounts(plan.topology, (topic) => partitionCount(metadata, topic));
  if ('missing' in counts) {
    thread.sharing = null;
    shareNothing(thread, context, members, ASSIGNOR_ERRORS.NONE);
    return;
  }
  const topics = internalTopics(plan.topology, counts, plan.settings);
  if (topics.length === 0) askForEnds(thread, context, { members, counts, topics });
  else describe(thread, context, { members, counts, topics });
}

const asksForShutdown = ({ userData }: ConsumerSubscription): boolean =>
  decodeMemberData(userData).errorCode === ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED;

type Waiting = Omit<NonNullable<StreamThread['sharing']>, 'token'>;

function describe(thread: StreamThread, context: ThreadContext, waiting: Waiting): void {
  const topics = waiting.topics.map(({ name }) => name);
  const token = threadCall(context, { type: 'describe-topics', topics });
  thread.sharing = Object.freeze({ ...waiting, token });
}

type Described = Extract<AdminNotice, { type: 'topics-described' }>;

/** Makes what is missing. Throws a {@link StreamsError} if a topic exists with another number of partitions. */
export function takeDescriptions(thread: StreamThread, context: ThreadContext, notice: Described): void {
  const { sharing } = thread;
  if (sharing === null || sharing.token !== notice.token) return;
  if (notice.error !== NONE) {
    describe(thread, context, sharing);
    return;
  }
  const found = new Map(notice.topics.map(({ name, partitions }) => [name, partitions]));
  const missing = sharing.topics.filter(({ name }) => (found.get(name) ?? 0) === 0);
  for (const topic of sharing.topics)
    if (!missing.includes(topic)) checkCount(topic, found.get(topic.name) ?? 0);
  if (missing.length === 0) {
    askForEnds(thread, context, sharing);
    return;
  }
  const topics = missing.map(creatable);
  const token = threadCall(context, { type: 'create-topics', topics });
  thread.sharing = Object.freeze({ ...sharing, token });
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
export function takeCreations(thread: StreamThread, context: ThreadContext, notice: Created): void {
  const { sharing } = thread;
  if (sharing === null || sharing.token !== notice.token) return;
  for (const { name, errorCode } of notice.topics)
    if (errorCode !== NONE && errorCode !== ERROR_CODES.TOPIC_ALREADY_EXISTS)
      throw new StreamsError('StreamsException', `Could not create topic ${name}: ${errorName(errorCode)}`);
  if (notice.error === NONE) askForEnds(thread, context, sharing);
  else describe(thread, context, sharing);
}

function shareNothing(
  thread: StreamThread,
  context: ThreadContext,
  members: readonly GroupSubscription[],
  errorCode: number,
): void {
  const userData = encodeTasks({ ...NO_TASKS, errorCode });
  consumerShare(
    thread.main,
    context,
    members.map(({ memberId }) => ({ memberId, partitions: [], userData })),
  );
}

/** How far each member's copy of a task lags is told by where the changelogs end now. */
function askForEnds(thread: StreamThread, context: ThreadContext, waiting: Waiting): void {
  const plan = planOf(thread.config);
  const partitions = tasksOf(plan, waiting.counts)
    .flatMap((task) => changelogsOf(plan, task))
    .map((changelog) => ({ ...changelog, offset: LATEST_TIMESTAMP }));
  if (partitions.length === 0) {
    share(thread, context, { ...waiting, ends: new Map() });
    return;
  }
  const token = threadCall(context, { type: 'list-offsets', partitions });
  thread.sharing = Object.freeze({ ...waiting, token });
}

type Ends = Extract<AdminNotice, { type: 'partitions-answered' }>;

/** Shares out once all ends are known. */
export function takeSharingEnds(
  thread: StreamThread,
  context: ThreadContext,
  { results, error }: Ends,
): void {
  const { sharing } = thread;
  if (sharing === null) return;
  if (error !== NONE || results.some((result) => result.error !== NONE)) askForEnds(thread, context, sharing);
  else {
    const ends = results.map(
      ({ topic, partition, offset }) => [topicPartition(topic, partition), offset] as const,
    );
    share(thread, context, { ...sharing, ends: new Map(ends) });
  }
}

function share(
  thread: StreamThread,
  context: ThreadContext,
  { members, counts, ends }: Pick<Waiting, 'members' | 'counts'> & { readonly ends: ChangelogEnds },
): void {
  thread.sharing = null;
  const plan = planOf(thread.config);
  const { settings } = plan;
  const tasks = tasksOf(plan, counts);
  const isStateful = (task: TaskId): boolean => changelogsOf(plan, task).length > 0;
  const stateful = tasks.filter(isStateful);
  const processes = processesOf(members);
  const clients = processes.map(({ id, members: threads }) => {
    const userData = threads.map(({ subscription }) => subscription.userData);
    return newClientState(id, threads.length, taskLags(plan, { stateful, ends, userData }));
  });
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
  const owners = ownersOf(members);
  const hosts = hostsOf(clients, processes);
  const shares = clients.flatMap((client, i): MemberShare[] => {
    const threads = threadShares(client, processes[i]?.members ?? [], isStateful);
    // One thread of this process asks for the next assignment, unless one has to ask at once.
    let probe = again && client.id === context.process.processId;
    return threads.map(({ memberId, active, standby }) => {
      const isWithheld = (task: TaskId): boolean => isOthers(owners, memberId, inputsOf(plan, counts, task));
      const withheld = sorted(active).filter(isWithheld);
      const given = sorted(active).filter((task) => !isWithheld(task));
      // What comes to it soon it may begin to read back, if no sibling has it.
      const coming = withheld.filter((task) => isStateful(task) && client.lags.get(task) !== LATEST);
      const next = withheld.length > 0 ? AT_ONCE : probe ? probeAt : NEVER_AGAIN;
      if (next !== NEVER_AGAIN) probe = false;
      return {
        memberId,
        partitions: byTopic(given.flatMap((task) => inputsOf(plan, counts, task))),
        userData: encodeTasks({
          active: given,
          standby: sorted([...standby, ...coming]),
          probeAt: next,
          hosts,
          errorCode: ASSIGNOR_ERRORS.NONE,
        }),
      };
    });
  });
  consumerShare(thread.main, context, shares);
}

/** A process by the members that its threads are. */
interface SharedProcess {
  readonly id: string;
  /** By member id. */
  readonly members: readonly GroupSubscription[];
}

/** In the order of their processes' ids, their members in the order of theirs. */
function processesOf(members: readonly GroupSubscription[]): SharedProcess[] {
  const found = new Map<string, GroupSubscription[]>();
  for (const member of [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))) {
    const { processId } = decodeMemberData(member.subscription.userData);
    const known = found.get(processId);
    if (known === undefined) found.set(processId, [member]);
    else known.push(member);
  }
  return [...found]
    .map(([id, threads]) => ({ id, members: threads }))
    .sort((a, b) => compareJavaUuids(a.id, b.id));
}

function threadShares(
  client: ClientState,
  members: readonly GroupSubscription[],
  isStateful: (task: TaskId) => boolean,
): ThreadShare[] {
  const threads = members.map(({ memberId, subscription }): ThreadShare => {
    const { tasks } = decodeMemberData(subscription.userData);
    return { memberId, owned: [...tasks.keys()], active: [], standby: [] };
  });
  const [only, ...others] = threads;
  if (only === undefined || others.length > 0) shareAmongThreads(client, threads, isStateful);
  else {
    only.active.push(...client.active);
    only.standby.push(...client.standby);
  }
  return threads;
}

/** Who is to have which tasks, whether they get them now or in a follow-up. */
const hostsOf = (clients: readonly ClientState[], processes: readonly SharedProcess[]): HostTasks[] =>
  hostTasks(
    clients.map(({ active, standby }, i) => ({
      host: decodeMemberData(processes[i]?.members[0]?.subscription.userData ?? null).endpoint,
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
