/** Caps on a scenario. Each keeps a hostile or mistaken input from costing a person their tab. */
export const SCENARIO_LIMITS = Object.freeze({
  /** Characters of a scenario's text. */
  textMax: 1_000_000,
  /** Nesting of objects and lists. */
  depthMax: 12,
  /** Values in all, objects and lists included. */
  nodesMax: 20_000,
  /** Characters of any text in it. */
  stringMax: 2_048,
  brokersMax: 12,
  topicsMax: 64,
  /** Of one topic, and of all topics together. */
  partitionsMax: 1_000,
  producersMax: 16,
  applicationsMax: 8,
  instancesMax: 16,
  topologyNodesMax: 100,
  /** Hopping windows that hold one record. */
  windowsPerRecordMax: 1_000,
  groupsMax: 16,
  membersMax: 32,
  quotasMax: 64,
  requestMicrosMax: 1_000_000,
  /** Of one quota. */
  quotaMax: 1_000_000_000_000,
  commandsMax: 5_000,
  notesMax: 20,
  /** A day. */
  lengthMsMax: 86_400_000,
  /** The last millisecond of the year 9999. */
  startMsMax: 253_402_300_799_999,
  workMicrosMax: 60_000_000,
});
