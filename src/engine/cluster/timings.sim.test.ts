import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensure } from '../base/assert.ts';
import { consumerClose } from '../client/consumer/consumer.ts';
import { partitionOf } from '../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { ClientNode } from '../testing/conformance/cluster/client-node.ts';
import {
  followUp,
  groupMember,
  type GroupMemberMemory,
} from '../testing/conformance/cluster/group-member.ts';

const FILE = join(import.meta.dirname, '../../../conformance/TIMINGS.md');

/** What was measured on a real cluster, in ms. */
interface Row {
  readonly event: string;
  readonly min: number;
  readonly max: number;
  /** Number of measurements. */
  readonly n: number;
}

/** The rows of the table: `| event | 9 020 – 9 960 | 3 |`. */
function recordedRows(): Row[] {
  const lines = readFileSync(FILE, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, event = '', observed = '', count = ''] = line.split('|').map((cell) => cell.trim());
    const values = observed.split(/[–/]/).map((value) => Number(value.replace(/\s/g, '')));
    if (!/^\d+$/.test(count) || values.some(Number.isNaN)) return [];
    return [{ event, min: Math.min(...values), max: Math.max(...values), n: Number(count) }];
  });
}

/** The same cluster, looked at a little later each time: heartbeats and checks are at other points of their rounds. */
const MOMENTS = [0, 900, 1_800, 2_700, 3_600, 4_500];

const ALL = [1, 2, 3];

function clusterAt(moment: number): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 1, programs: [groupMember] });
  cluster.boot();
  cluster.createTopic('t', [ALL, ALL, ALL, ALL]);
  cluster.runFor(1_000 + moment);
  return cluster;
}

/** The partition as a broker tells it. */
const told = (cluster: BrokerCluster, broker: number): PartitionRegistration =>
  ensure(partitionOf(cluster.memory(broker).image, 't', 0), 't-0');

const isLedBy2 = (cluster: BrokerCluster): boolean =>
  [2, 3].every((broker) => told(cluster, broker).leader === 2);

const isInSync = (cluster: BrokerCluster, broker: number): boolean => told(cluster, 1).isr.includes(broker);

const until = (cluster: BrokerCluster, isSo: () => boolean): number => cluster.runUntilTrue('it', isSo);

type Member = ClientNode<GroupMemberMemory>;

function member(cluster: BrokerCluster, name: string, protocol: string): Member {
  const overrides = { 'group.protocol': protocol, 'auto.offset.reset': 'earliest' };
  const config = { id: name, groupId: 'g', topics: ['t'], partition: null, overrides };
  return new ClientNode(cluster, 'group-member', name, config);
}

const owned = ({ memory }: Member): number => memory.consumer.subscriptions.assigned.size;

interface Pair {
  readonly cluster: BrokerCluster;
  readonly stays: Member;
  readonly goes: Member;
  /** From the second member's start until both have their share. */
  readonly settledAfter: number;
}

/** A group of one that owns everything, and another that joins as soon as it does. */
function pair(moment: number, protocol: string): Pair {
  const cluster = clusterAt(moment);
  const stays = member(cluster, 'stays', protocol);
  until(cluster, () => owned(stays) === 4);
  const goes = member(cluster, 'goes', protocol);
  const settledAfter = until(cluster, () => owned(stays) === 2 && owned(goes) === 2);
  cluster.runFor(15_000 + moment);
  return { cluster, stays, goes, settledAfter };
}

function afterDeath(moment: number, protocol: string): number {
  const { cluster, stays, goes } = pair(moment, protocol);
  goes.vanish();
  return until(cluster, () => owned(stays) === 4);
}

function afterClose(moment: number, protocol: string): number {
  const { cluster, stays, goes } = pair(moment, protocol);
  consumerClose(goes.memory.consumer, goes.context);
  followUp(goes.memory, goes.context);
  return until(cluster, () => owned(stays) === 4);
}

/** Until the broker's absence is known, and it is gone for a while. */
function loseFollower(cluster: BrokerCluster): number {
  const lost = until(cluster, () => !isInSync(cluster, 3));
  cluster.runFor(2_000);
  return lost;
}

/** How long each of the recorded events takes here, by the beginning of its name. */
const MEASURES: Readonly<Record<string, (moment: number) => number>> = {
  'SIGKILL of the leader': (moment) => {
    const cluster = clusterAt(moment);
    cluster.kernel.stop('b1', { powerLoss: false });
    return until(cluster, () => isLedBy2(cluster));
  },
  'SIGSTOP of the leader': (moment) => {
    const cluster = clusterAt(moment);
    cluster.kernel.pause('b1');
    return until(cluster, () => isLedBy2(cluster));
  },
  'SIGSTOP of a follower': (moment) => {
    const cluster = clusterAt(moment);
    cluster.kernel.pause('b3');
    return loseFollower(cluster);
  },
  'SIGCONT of a stopped follower': (moment) => {
    const cluster = clusterAt(moment);
    cluster.kernel.pause('b3');
    loseFollower(cluster);
    cluster.kernel.resume('b3');
    return until(cluster, () => isInSync(cluster, 3));
  },
  'killed broker started and unfenced': (moment) => {
    const cluster = clusterAt(moment);
    cluster.kernel.stop('b3', { powerLoss: false });
    loseFollower(cluster);
    cluster.kernel.start('b3');
    until(cluster, () => cluster.isAlive(3));
    return until(cluster, () => isInSync(cluster, 3));
  },
  'SIGTERM of the leader': (moment) => {
    const cluster = clusterAt(moment);
    cluster.kernel.signal('b1', { type: 'terminate' });
    const gone = until(cluster, () => cluster.kernel.slot('b1').status === 'down');
    expect(isLedBy2(cluster), 'the new leader is already visible').toBe(true);
    return gone;
  },
  'classic consumer SIGKILLed': (moment) => afterDeath(moment, 'classic'),
  'consumer-protocol member SIGKILLed': (moment) => afterDeath(moment, 'consumer'),
  'classic: second member joins': (moment) => pair(moment, 'classic').settledAfter,
  'consumer protocol: second member joins': (moment) => pair(moment, 'consumer').settledAfter,
  'classic: member closes': (moment) => afterClose(moment, 'classic'),
  'consumer protocol: member closes': (moment) => afterClose(moment, 'consumer'),
};

/** A real cluster on a busy machine also needs time to work; here only waiting takes time. */
const ALLOWANCE = 0.2;

describe('with default configuration, in simulated time', () => {
  const rows = recordedRows();

  test('every recorded event is measured', () => {
    expect(rows.length).toBe(Object.keys(MEASURES).length);
  });

  test.each(rows)('$event: $min to $max ms', ({ event, min, max, n }) => {
    const name = Object.keys(MEASURES).find((beginning) => event.startsWith(beginning));
    const measure = ensure(MEASURES[name ?? ''], `a measure for "${event}"`);
    const took = MOMENTS.map(measure);
    const said = `took ${took.map(Math.round).join(', ')} ms`;
    const shortest = Math.min(...took);
    const longest = Math.max(...took);
    if (n === 1) {
      // One measurement is one point of a heartbeat's round: those that are met here must lie about it.
      expect(shortest, said).toBeLessThanOrEqual(max * (1 + ALLOWANCE));
      expect(longest, said).toBeGreaterThanOrEqual(min * (1 - ALLOWANCE));
      return;
    }
    expect(shortest, said).toBeGreaterThanOrEqual(min * (1 - ALLOWANCE));
    expect(longest, said).toBeLessThanOrEqual(max * (1 + ALLOWANCE));
  });
});
