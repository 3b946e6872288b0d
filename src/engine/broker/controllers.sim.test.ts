import { describe, expect, test } from 'vitest';
import { brokerNode, type NodeId } from '../api/ids.ts';
import { digestOf } from '../base/digest.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import type { ControllerMemory } from '../controller/controller-state.ts';
import type { MetadataImage } from '../metadata/metadata-image.ts';
import { imageRecords } from '../metadata/snapshot.ts';
import { NONE } from '../protocol/errors.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import type { BrokerMemory } from './broker-memory.ts';

const BROKERS = [1, 2, 3] as const;

/** A snapshot every few records, and a log that is cut back to it at once. */
const TINY_SNAPSHOTS = {
  'metadata.log.max.record.bytes.between.snapshots': '1500',
  'metadata.max.retention.bytes': '1',
};

/** Looks at every step: who is active in which epoch, and what stands at which offset of the metadata. */
class Witness {
  readonly active = new Map<number, NodeId>();
  private readonly committed = new Map<number, string>();
  private readonly seen = new Map<string, number>();
  private readonly cluster: BrokerCluster;

  constructor(cluster: BrokerCluster) {
    this.cluster = cluster;
  }

  look(): void {
    const { kernel, controllers } = this.cluster;
    const node = kernel.touched;
    const memory = kernel.state.nodes.get(node)?.memory;
    if (memory === undefined) return;
    if (controllers.includes(node)) {
      const { activeEpoch, committed } = memory as ControllerMemory;
      if (activeEpoch >= 0) this.note(this.active, activeEpoch, node);
      this.lookAt(node, committed);
    } else if (kernel.slot(node).program === 'broker') this.lookAt(node, (memory as BrokerMemory).image);
  }

  private lookAt(node: NodeId, image: MetadataImage): void {
    const life = `${node}/${this.cluster.kernel.slot(node).incarnation}`;
    if (this.seen.get(life) === image.offset) return;
    if (image.offset < (this.seen.get(life) ?? -1)) throw new Error(`${life} goes back to ${image.offset}`);
    this.seen.set(life, image.offset);
    this.note(this.committed, image.offset, digestOf(imageRecords(image)));
  }

  private note<T>(facts: Map<number, T>, at: number, is: T): void {
    const known = facts.get(at) ?? is;
    if (known !== is) throw new Error(`at ${at}: ${String(known)} and ${String(is)}`);
    facts.set(at, is);
  }
}

/** A cluster that is disturbed while somebody makes topics. */
class Storm {
  readonly cluster: BrokerCluster;
  readonly witness: Witness;
  private readonly prng: PrngState;
  private readonly asked = new Map<number, string>();

  constructor(seed: number, overrides: Readonly<Record<string, string>> = {}) {
    this.cluster = new BrokerCluster({ seed, brokers: BROKERS.length, controllers: 3, overrides });
    this.cluster.boot();
    this.witness = new Witness(this.cluster);
    this.prng = prngStream(seed, 'storm');
  }

  run(ms: number): void {
    const { kernel } = this.cluster;
    const until = this.cluster.now + ms * 1_000;
    while ((kernel.nextAt() ?? Infinity) <= until) {
      kernel.step();
      this.witness.look();
    }
    this.cluster.runUntil(until);
  }

  /** Asks any broker for a topic; the answer may never come. */
  makeTopic(): void {
    const name = `t${this.asked.size}`;
    const topic = { name, numPartitions: 2, replicationFactor: 2, assignments: [], configs: [] };
    const request = { topics: [topic], timeoutMs: 30_000, validateOnly: false };
    const to = brokerNode(pick(this.prng, BROKERS));
    this.asked.set(this.cluster.client.send(to, 'CreateTopics', request, { channel: name }), name);
  }

  /** Topics whose making was acknowledged. */
  made(): string[] {
    return [...this.asked].flatMap(([id, name]) => {
      const answer = this.cluster.client.body<'CreateTopics'>(id);
      return answer?.topics[0]?.errorCode === NONE ? [name] : [];
    });
  }

  disturb(): void {
    const { kernel, controllers } = this.cluster;
    const node = pick(this.prng, controllers);
    const { status } = kernel.slot(node);
    const kind = below(this.prng, 6);
    if (status === 'down') kernel.start(node);
    else if (status === 'paused') kernel.resume(node);
    else if (kind < 2) kernel.stop(node, { powerLoss: kind === 0 });
    else if (kind === 2) kernel.pause(node);
    else if (kind === 3) kernel.signal(node, { type: 'terminate' });
    else {
      const others = [...controllers, ...BROKERS.map((id) => brokerNode(id))].filter((id) => id !== node);
      kernel.setLinkCut(node, pick(this.prng, others), kind === 4);
    }
  }

  heal(): void {
    const { kernel, controllers } = this.cluster;
    const all = [...controllers, ...BROKERS.map((id) => brokerNode(id))];
    for (const a of all) {
      if (kernel.slot(a).status === 'down') kernel.start(a);
      else if (kernel.slot(a).status === 'paused') kernel.resume(a);
      for (const b of all) if (a < b) kernel.setLinkCut(a, b, false);
    }
  }

  controllers(): (ControllerMemory | undefined)[] {
    const { kernel, controllers } = this.cluster;
    return controllers.map((node) => kernel.slot(node).memory as ControllerMemory | undefined);
  }

  /** The state of the cluster as each controller and each broker has it. */
  images(): string[] {
    const brokers = BROKERS.map((id) => this.cluster.memory(id).image);
    const committed = this.controllers().flatMap((memory) =>
      memory === undefined ? [] : [memory.committed],
    );
    return [...brokers, ...committed].map((image) => digestOf(image));
  }
}

describe('three controllers', () => {
  test('go on within 2 to 6 s when the active one dies, and brokers find the next', () => {
    const storm = new Storm(1);
    storm.run(2_000);
    const [[epoch, first] = [0, '']] = [...storm.witness.active];
    storm.cluster.kernel.stop(first, { powerLoss: false });
    storm.run(6_000);
    expect([...storm.witness.active].slice(1)).toEqual([
      [expect.any(Number), expect.not.stringMatching(first)],
    ]);
    storm.makeTopic();
    storm.run(2_000);
    expect(storm.made()).toEqual(['t0']);
    storm.run(30_000);
    expect(storm.cluster.traces('broker-fenced')).toEqual([]);
    expect(Math.max(...storm.witness.active.keys())).toBe(epoch + 1);
  });

  test('hand over at once when the active one stops in order', () => {
    const storm = new Storm(2);
    storm.run(2_000);
    const [first] = [...storm.witness.active.values()];
    storm.cluster.kernel.signal(first ?? '', { type: 'terminate' });
    storm.run(500);
    expect(storm.witness.active.size).toBe(2);
  });

  test.each(Array.from({ length: 30 }, (_, i) => i + 1))(
    'seed %i: one is active in an epoch, what was answered stays, and all brokers agree in the end',
    (seed) => {
      const storm = new Storm(seed, seed % 3 === 0 ? TINY_SNAPSHOTS : {});
      for (let i = 0; i < 20; i++) {
        storm.run(200 + below(prngStream(seed, `pause-${i}`), 2_500));
        storm.disturb();
        storm.makeTopic();
      }
      storm.heal();
      storm.run(20_000);
      const made = storm.made();
      expect(made.length).toBeGreaterThan(3);
      for (const name of made) expect(() => storm.cluster.topicId(name)).not.toThrow();
      expect(new Set(storm.images()).size).toBe(1);
      expect(storm.controllers().filter((memory) => (memory?.activeEpoch ?? -1) >= 0)).toHaveLength(1);
    },
  );
});
