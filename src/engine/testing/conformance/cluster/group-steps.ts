import { ensure } from '../../../base/assert.ts';
import { consumerClose, consumerCommit } from '../../../client/consumer/consumer.ts';
import { ERROR_CODES, errorName, NONE } from '../../../protocol/errors.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import { listOf, numberOf, objectOf, textOf, UnsupportedError, type Json, type JsonObject } from '../case-file.ts';
import { ClientNode } from './client-node.ts';
import { followUp, type GroupMemberMemory } from './group-member.ts';
import { committedOffsets, stateOf } from './group-facts.ts';

type Member = ClientNode<GroupMemberMemory>;

/** Assignors by the name of their protocol, as the clients' configuration writes them. */
const STRATEGY: Readonly<Record<string, string>> = {
  range: 'org.apache.kafka.clients.consumer.RangeAssignor',
  roundrobin: 'org.apache.kafka.clients.consumer.RoundRobinAssignor',
  sticky: 'org.apache.kafka.clients.consumer.StickyAssignor',
  'cooperative-sticky': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
};

/** Assignors that a member of the consumer protocol may ask its coordinator for. */
const SERVER_SIDE: readonly string[] = ['uniform', 'range'];

/** Errors that commitSync() tells by an exception of its own. */
const COMMIT_FAILED: readonly number[] = [ERROR_CODES.UNKNOWN_MEMBER_ID, ERROR_CODES.ILLEGAL_GENERATION];

/** The members of a script's groups, each known by its name. */
export class GroupSteps {
  private readonly cluster: BrokerCluster;
  private readonly members = new Map<string, Member>();

  constructor(cluster: BrokerCluster) {
    this.cluster = cluster;
  }

  /** Does a step and returns its fact, undefined if it is none of a group. */
  play(op: string, step: JsonObject): Json | undefined {
    switch (op) {
      case 'join':
        return this.join(step);
      case 'leave':
        return this.leave(textOf(step.member, 'member'));
      case 'crash':
        return this.crash(textOf(step.member, 'member'));
      case 'commit':
        return { result: this.commit(this.member(textOf(step.member, 'member'))) };
      case 'group':
        return this.group(step.sizesOnly === true);
      case 'events':
        return { events: this.events() };
      case 'state':
        return stateOf(this.cluster, textOf(step.group, 'group'));
      case 'committed':
        return committedOffsets(this.cluster, textOf(step.group, 'group'));
      default:
        return undefined;
    }
  }

  private member(name: string): Member {
    return ensure(this.members.get(name), `a member ${name}`);
  }

  private join(step: JsonObject): Json {
    for (const written of listOf(step.members, 'members')) {
      const member = objectOf(written, 'member');
      const name = textOf(member.name, 'name');
      const topics = listOf(step.topics, 'topics').map((topic) => textOf(topic, 'topic'));
      const groupId = textOf(step.group, 'group');
      const config = { id: name, groupId, topics, partition: null, overrides: overridesOf(step, member) };
      this.members.set(name, new ClientNode(this.cluster, 'group-member', name, config));
    }
    return null;
  }

  private leave(name: string): Json {
    const member = this.member(name);
    consumerClose(member.memory.consumer, member.context);
    followUp(member.memory, member.context);
    member.await('the end of a member', ({ closed }) => closed);
    member.vanish();
    this.members.delete(name);
    return null;
  }

  /** Under the consumer protocol a static member that closes says that it will be back; others just vanish. */
  private crash(name: string): Json {
    const member = this.member(name);
    const { consumer } = member.memory;
    if (consumer.member !== null && consumer.groupInstanceId !== null) return this.leave(name);
    member.vanish();
    this.members.delete(name);
    return null;
  }

  private commit(member: Member): string {
    const { memory, context } = member;
    memory.commitError = null;
    consumerCommit(memory.consumer, context, 'sync');
    followUp(memory, context);
    member.await('the end of a commit', ({ commitError }) => commitError !== null);
    const error = memory.commitError ?? NONE;
    if (error === NONE) return 'ok';
    return COMMIT_FAILED.includes(error) ? 'CommitFailedException' : errorName(error);
  }

  /** Members whose application still polls, by name. */
  private living(): [string, GroupMemberMemory][] {
    const all = [...this.members].map(([name, { memory }]) => [name, memory] as [string, GroupMemberMemory]);
    return all.filter(([, { failed }]) => !failed);
  }

  private group(sizesOnly: boolean): Json {
    const owned: Record<string, string[]> = {};
    for (const [name, { consumer }] of this.living())
      owned[name] = [...consumer.subscriptions.assigned.keys()].sort();
    if (!sizesOnly) return { owned };
    const sizes = Object.values(owned).map((partitions) => partitions.length);
    return { sizes: sizes.sort((a, b) => a - b) };
  }

  private events(): Json {
    const events: Record<string, readonly string[]> = {};
    for (const [name, memory] of this.living()) {
      events[name] = memory.events;
      memory.events = [];
    }
    return events;
  }
}

function overridesOf(step: JsonObject, member: JsonObject): Record<string, string> {
  const protocol = textOf(member.protocol ?? step.protocol, 'protocol');
  const overrides: Record<string, string> = {
    'group.protocol': protocol,
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
  };
  if (member.instanceId !== undefined) overrides['group.instance.id'] = textOf(member.instanceId, 'instanceId');
  const assignor = step.assignor === undefined ? undefined : textOf(step.assignor, 'assignor');
  if (protocol === 'consumer') {
    if (assignor !== undefined && SERVER_SIDE.includes(assignor)) overrides['group.remote.assignor'] = assignor;
    return overrides;
  }
  if (assignor !== undefined) overrides['partition.assignment.strategy'] = strategyOf(assignor);
  if (step.sessionTimeoutMs !== undefined)
    overrides['session.timeout.ms'] = `${numberOf(step.sessionTimeoutMs, 'sessionTimeoutMs')}`;
  return overrides;
}

function strategyOf(assignor: string): string {
  const strategy = STRATEGY[assignor];
  if (strategy === undefined) throw new UnsupportedError(`assignor "${assignor}"`);
  return strategy;
}
