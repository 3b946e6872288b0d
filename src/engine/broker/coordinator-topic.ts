/** Where group coordinators keep what they must not forget. */
export const COORDINATOR_TOPIC = '__consumer_offsets';

/** Where transaction coordinators do. */
export const TRANSACTION_TOPIC = '__transaction_state';

/** Where share coordinators do. */
export const SHARE_STATE_TOPIC = '__share_group_state';

/** Topics that clients may not write to. */
export const isInternalTopic = (topic: string): boolean =>
  topic === COORDINATOR_TOPIC || topic === TRANSACTION_TOPIC || topic === SHARE_STATE_TOPIC;
