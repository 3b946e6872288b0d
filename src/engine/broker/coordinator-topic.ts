/** Where group coordinators keep what they must not forget. */
export const COORDINATOR_TOPIC = '__consumer_offsets';

/** Topics that clients may not write to. */
export const isInternalTopic = (topic: string): boolean =>
  topic === COORDINATOR_TOPIC || topic === '__transaction_state';
