import type { SimTime } from '../base/time.ts';
import type { BrokerId, TopicPartitionName } from '../api/ids.ts';

/** What proves a violation. */
export interface Evidence {
  readonly partition?: TopicPartitionName;
  readonly offsets?: readonly number[];
  readonly epochs?: readonly number[];
  readonly brokers?: readonly BrokerId[];
  /** Ids of trace events. */
  readonly traces: readonly number[];
}

/**
 * The simulated system broke a rule. That is either a lesson (the configuration does not promise the rule under the faults
 * that happened, see `expectations`) or a defect of the model; a broken assertion of the simulator is neither.
 */
export interface Violation {
  /** Number of the invariant, see `allInvariants`. */
  readonly invariant: number;
  readonly name: string;
  readonly at: SimTime;
  /** What broke it: a partition, group or producer. Each is told once for an invariant. */
  readonly subject: string;
  /** One sentence for people. */
  readonly sentence: string;
  readonly evidence: Evidence;
}

/** A violation as its invariant describes it. */
export interface Finding extends Omit<Evidence, 'traces'> {
  readonly subject: string;
  readonly sentence: string;
  /** Ids of trace events besides the newest one. */
  readonly traces?: readonly number[];
}
