import { fork } from '../base/fork.ts';
import type { BrokerView, ClusterView } from '../api/cluster-view.ts';
import type { ProducerView } from '../api/views/client.ts';
import type { Ledger } from '../api/frame.ts';
import type { Processing, ServiceFacts } from '../api/entities/group.ts';
import type { NodeId, TopicPartitionName } from '../api/ids.ts';
import { FIRST_INVARIANTS } from './first-invariants.ts';
import { countPlans, type CountPlan } from './count-plan.ts';
import { FurtherWatch, withFurther } from './further.ts';
import { forgetDeleted } from './forget-deleted.ts';
import { newGhost, type Ghost } from './ghost.ts';
import { lostRecords } from './holding.ts';
import { PERIOD, type Invariant, type Scene } from './invariant.ts';
import { absorb, ledgerOf } from './ledger.ts';
import { ProducerWatch } from './watch-producers.ts';
import { ProcessingWatch } from './processing-watch.ts';
import { ReplicaWatch } from './watch-replicas.ts';
import { serviceFacts } from './services.ts';
import { restingInvariants } from './resting-invariants.ts';
import { watchTraces } from './watch-traces.ts';
import type { Finding, Violation } from './violation.ts';

/** Violations kept; the first ones say most. */
const VIOLATIONS_MAX = 200;

/** What a checker remembers, taken aside with `checkpoint`. */
export interface CheckerCheckpoint {
  readonly ghost: Ghost;
}

/** Rules, and those who have them asked. */
interface Watch {
  readonly invariants: readonly Invariant[];
  readonly replicas: ReplicaWatch;
  readonly producers: ProducerWatch;
}

interface FullWatch extends Watch {
  readonly further: FurtherWatch;
}

const watchOf = (invariants: readonly Invariant[]): Watch => ({
  invariants,
  replicas: new ReplicaWatch(invariants),
  producers: new ProducerWatch(invariants),
});

/**
 * The third party beside system and faults: it sees everything, remembers what it saw, and touches nothing. It has to be
 * told of every event, from the start of the run or from a checkpoint of its own that was taken at the same event.
 */
export class Checker {
  private readonly view: ClusterView;
  private readonly brokers: ReadonlyMap<NodeId, BrokerView>;
  private readonly producers: ReadonlyMap<NodeId, ProducerView>;
  private readonly first: Watch;
  /** With all rules; made when it is needed. */
  private full: FullWatch | undefined = undefined;
  private readonly plans: readonly CountPlan[];
  private readonly processing: ProcessingWatch | undefined;
  private scene: Scene;

  constructor(view: ClusterView) {
    this.view = view;
    this.brokers = new Map(view.brokers.map((broker) => [broker.node, broker]));
    this.producers = new Map(view.producers.map((producer) => [producer.node, producer]));
    this.first = watchOf(FIRST_INVARIANTS);
    this.plans = countPlans(view.applications);
    this.processing = view.workingGroups.length === 0 ? undefined : new ProcessingWatch(view);
    this.scene = this.newScene(newGhost(view.isElaborate));
  }

  private newScene(ghost: Ghost): Scene {
    const { view } = this;
    return { view, ghost, report: (invariant, finding) => report(view, ghost, invariant, finding) };
  }

  /** What was broken so far, oldest first. */
  get violations(): readonly Violation[] {
    return this.scene.ghost.violations;
  }

  /** Looks at what the newest event changed. */
  afterEvent(): void {
    const { scene, view } = this;
    const { touched } = view;
    const wasFurther = scene.ghost.isFurther;
    watchTraces(scene);
    if (touched === '') this.lookAtAll();
    else {
      const broker = this.brokers.get(touched);
      const producer = broker === undefined ? this.producers.get(touched) : undefined;
      if (broker !== undefined) this.watch.replicas.look(scene, broker);
      if (producer !== undefined) this.watch.producers.look(scene, producer);
    }
    if (scene.ghost.isFurther) {
      if (!wasFurther) this.fullWatch.further.begin(scene);
      this.fullWatch.further.look(scene, touched);
    }
    this.processing?.look(scene, touched);
    scene.ghost.events += 1;
    if (scene.ghost.events % PERIOD === 0) this.lookPeriodically();
  }

  /** Which rules are asked follows from what has happened, so that it is the same however a moment is reached. */
  private get watch(): Watch {
    return this.scene.ghost.isFurther ? this.fullWatch : this.first;
  }

  private get fullWatch(): FullWatch {
    if (this.full === undefined) {
      const watch = watchOf(withFurther(FIRST_INVARIANTS));
      this.full = { ...watch, further: new FurtherWatch(this.scene, watch.invariants) };
    }
    return this.full;
  }

  private lookAtAll(): void {
    for (const broker of this.brokers.values()) this.watch.replicas.look(this.scene, broker);
    for (const producer of this.producers.values()) this.watch.producers.look(this.scene, producer);
  }

  private lookPeriodically(): void {
    const { scene, view } = this;
    for (const invariant of this.watch.invariants) invariant.periodically?.(scene);
    scene.ghost.changed.clear();
    scene.ghost.groupsVersion = view.groupsVersion;
    forgetDeleted(view, scene.ghost, (name, below) => {
      this.absorb();
      this.processing?.noteDeleted(scene, name, below);
    });
  }

  /** To be asked when everything is healed and has come to rest: everything that was promised must be there now. */
  atQuiescence(): void {
    this.lookAtAll();
    if (this.scene.ghost.isFurther) this.fullWatch.further.lookAtAll(this.scene);
    this.absorb();
    this.scene.ghost.groupsVersion = -1;
    const asked = [...this.watch.invariants, ...restingInvariants()].sort((a, b) => a.id - b.id);
    for (const invariant of asked) invariant.atQuiescence?.(this.scene);
  }

  private absorb(): void {
    absorb(this.view, this.scene.ghost, this.plans);
  }

  /** What became of the tapes' records up to now. Cheap enough for every frame. */
  ledger(): Ledger {
    return ledgerOf(this.view, this.scene.ghost, this.plans);
  }

  /** What a service outside of the cluster has done. Times are the kernel's. */
  serviceOf(name: string): ServiceFacts {
    return serviceFacts(this.scene.ghost.services, name);
  }

  /** What a group has done with the rows of tapes; undefined if it works on something else. */
  processingOf(group: string): Processing | undefined {
    return this.processing?.account(this.scene, group);
  }

  /** Acknowledged records of a partition that no log which counts has now. */
  lostOf(partition: TopicPartitionName): number {
    const known = this.scene.ghost.partitions.get(partition);
    return known === undefined ? 0 : lostRecords(this.view, known);
  }

  /** To restore from; shares all that is as in an `older` one. */
  checkpoint(older?: CheckerCheckpoint): CheckerCheckpoint {
    return { ghost: fork(this.scene.ghost, older?.ghost) };
  }

  /** Goes on from a checkpoint, which stays usable. */
  restore({ ghost }: CheckerCheckpoint): void {
    this.scene = this.newScene(fork(ghost));
    this.first.replicas.reset();
    this.full?.replicas.reset();
  }
}

function report(view: ClusterView, ghost: Ghost, { id, name }: Invariant, finding: Finding): void {
  const { subject, sentence, traces = [], ...evidence } = finding;
  const key = `${id} ${subject}`;
  if (ghost.reported.has(key) || ghost.violations.length >= VIOLATIONS_MAX) return;
  ghost.reported.add(key);
  const proof = Object.freeze({
    ...evidence,
    traces: Object.freeze([...new Set([...traces, view.newestTrace])]),
  });
  ghost.violations.push(
    Object.freeze({ invariant: id, name, at: view.now, subject, sentence, evidence: proof }),
  );
}
