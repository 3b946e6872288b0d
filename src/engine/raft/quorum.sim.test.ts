import { describe, expect, test } from 'vitest';
import { utf8Encode } from '../base/bytes.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import type { RequestMessage, ResponseMessage } from '../protocol/message.ts';
import { batchOf, offsetAt } from '../protocol/record-batch.ts';
import { Kernel } from '../sim/kernel.ts';
import { DATA_CENTRE } from '../sim/network.ts';
import type { NodeContext, Program } from '../sim/node-context.ts';
import { readBatches } from './quorum-log.ts';
import type { Raft, RaftOptions } from './raft-state.ts';
import {
  append,
  isRaftRequest,
  isRaftTimer,
  onRaftDisconnect,
  onRaftRequest,
  onRaftResponse,
  onRaftTimer,
  openRaft,
  startRaft,
} from './raft-node.ts';

interface Memory {
  readonly raft: Raft;
  written: number;
}

const WRITE = 'write';

/** A voter that writes a number from time to time while it leads. */
const voterProgram: Program<RaftOptions, Memory> = {
  kind: 'voter',
  start(context, options) {
    const memory = { raft: openRaft(context, options), written: 0 };
    startRaft(memory.raft, context);
    context.setTimer(WRITE, millis(50));
    return memory;
  },
  onMessage({ raft }, context, connection, message) {
    const arrived = message as RequestMessage | ResponseMessage;
    if (arrived.kind === 'response') onRaftResponse(raft, context, connection, arrived);
    else if (isRaftRequest(arrived)) onRaftRequest(raft, context, connection, arrived);
  },
  onTimer(memory, context, name) {
    if (isRaftTimer(name)) onRaftTimer(memory.raft, context, name);
    else write(memory, context);
  },
  onDisconnect: ({ raft }, context, connection) => onRaftDisconnect(raft, context, connection),
  onSignal: () => undefined,
};

function write(memory: Memory, context: NodeContext): void {
  context.setTimer(WRITE, millis(50));
  if (memory.raft.role !== 'leader') return;
  const value = utf8Encode(`${context.self}/${context.incarnation}/${memory.written++}`);
  append(memory.raft, context, batchOf([{ key: null, value, timestamp: context.wallClockMs() }]));
}

const VOTERS = [1, 2, 3];
const NODES = VOTERS.map((id) => `v${id}`);

function newQuorum(seed: number): Kernel {
  const programs = [voterProgram] as unknown as Program[];
  const kernel = new Kernel(programs, { seed, epochMs: 1_700_000_000_000, profile: DATA_CENTRE });
  for (const nodeId of VOTERS) {
    const options: RaftOptions = {
      nodeId,
      clusterId: 'q',
      voters: VOTERS,
      peers: { 1: 'v1', 2: 'v2', 3: 'v3' },
      topic: { name: 'numbers', id: 'numbers' },
      settings: {
        electionTimeoutMs: 1_000,
        fetchTimeoutMs: 2_000,
        electionBackoffMaxMs: 1_000,
        requestTimeoutMs: 2_000,
        retryBackoffMs: 20,
        fetchMaxBytes: 2_000,
      },
    };
    kernel.addNode(`v${nodeId}`, 'voter', Object.freeze(options), 0);
  }
  return kernel;
}

const raftOf = (kernel: Kernel, node: string): Raft | undefined =>
  (kernel.slot(node).memory as Memory | undefined)?.raft;

/** What is committed, by offset, and who led which epoch: neither may ever change. */
class Witness {
  readonly leaders = new Map<number, string>();
  readonly committed = new Map<number, string>();
  private readonly seen = new Map<string, number>();

  look(kernel: Kernel): void {
    const node = kernel.touched;
    const raft = NODES.includes(node) ? raftOf(kernel, node) : undefined;
    if (raft === undefined) return;
    if (raft.role === 'leader') {
      const known = this.leaders.get(raft.epoch) ?? node;
      if (known !== node) throw new Error(`${known} and ${node} lead epoch ${raft.epoch}`);
      this.leaders.set(raft.epoch, node);
    }
    const life = `${node}/${kernel.slot(node).incarnation}`;
    const from = this.seen.get(life) ?? 0;
    if (raft.highWatermark <= from) return;
    this.seen.set(life, raft.highWatermark);
    for (const [offset, value] of recordsOf(kernel, node, from, raft.highWatermark)) {
      const known = this.committed.get(offset) ?? value;
      if (known !== value) throw new Error(`${life} has ${value} at ${offset}, where ${known} was committed`);
      this.committed.set(offset, value);
    }
  }
}

function recordsOf(kernel: Kernel, node: string, from: number, to: number): [number, string][] {
  const raft = raftOf(kernel, node);
  if (raft === undefined) return [];
  const range = { offset: from, maxBytes: Infinity, upTo: to };
  return readBatches(raft, kernel.context(node), range).flatMap((batch) =>
    batch.records.values.map((value, i): [number, string] => [
      offsetAt(batch, i),
      `${batch.partitionLeaderEpoch}:${value ?? ''}`,
    ]),
  );
}

function disturb(kernel: Kernel, prng: PrngState): void {
  const node = pick(prng, NODES);
  const { status } = kernel.slot(node);
  const kind = below(prng, 5);
  if (status === 'down') kernel.start(node);
  else if (status === 'paused') kernel.resume(node);
  else if (kind === 0) kernel.stop(node, { powerLoss: below(prng, 2) === 0 });
  else if (kind === 1) kernel.pause(node);
  else
    kernel.setLinkCut(
      node,
      pick(
        prng,
        NODES.filter((other) => other !== node),
      ),
      kind === 2,
    );
}

function heal(kernel: Kernel): void {
  for (const a of NODES) {
    if (kernel.slot(a).status === 'down') kernel.start(a);
    else if (kernel.slot(a).status === 'paused') kernel.resume(a);
    for (const b of NODES) if (a < b) kernel.setLinkCut(a, b, false);
  }
}

function runUntil(kernel: Kernel, ms: number, witness: Witness): void {
  while ((kernel.nextAt() ?? Infinity) <= millis(ms)) {
    kernel.step();
    witness.look(kernel);
  }
}

describe('three voters', () => {
  test('elect one leader, and another within 2 to 6 s when it dies', () => {
    const kernel = newQuorum(1);
    const witness = new Witness();
    runUntil(kernel, 5_000, witness);
    const leader = NODES.filter((node) => raftOf(kernel, node)?.role === 'leader');
    expect(leader).toHaveLength(1);
    kernel.stop(leader[0] ?? '', { powerLoss: false });
    runUntil(kernel, 7_000, witness);
    expect(witness.leaders.size).toBe(1);
    runUntil(kernel, 11_000, witness);
    expect(witness.leaders.size).toBe(2);
  });

  test.each(Array.from({ length: 30 }, (_, i) => i + 1))(
    'seed %i: one leader in an epoch; what was committed stays and is the same everywhere',
    (seed) => {
      const kernel = newQuorum(seed);
      const witness = new Witness();
      const prng = prngStream(seed, 'disturbances');
      let ms = 0;
      for (let i = 0; i < 25; i++) {
        ms += 200 + below(prng, 3_000);
        runUntil(kernel, ms, witness);
        disturb(kernel, prng);
      }
      heal(kernel);
      const before = witness.committed.size;
      runUntil(kernel, ms + 15_000, witness);
      expect(witness.committed.size).toBeGreaterThan(before + 50);
      const [end, ...others] = NODES.map((node) => raftOf(kernel, node)?.highWatermark ?? 0);
      for (const other of others) expect(Math.abs(other - (end ?? 0))).toBeLessThan(10);
      expect([...witness.committed.keys()]).toHaveLength(Math.max(end ?? 0, ...others));
    },
  );
});
