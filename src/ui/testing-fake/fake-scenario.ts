import type { Scenario } from '../../engine/api/scenario.ts';

/** Only what the page itself reads of a scenario. */
export const FAKE_SCENARIO: Scenario = {
  format: 'millrace-scenario',
  version: 1,
  id: 'clickstream',
  name: 'Clickstream',
  question: 'A broker that leads your clicks dies. Which of them are counted late, and are any gone?',
  seed: 11,
  startMs: 1_431_857_103_000,
  lengthMs: 40_000,
  brokers: [1, 2, 3].map((id) => ({ id, rack: null, config: {} })),
  brokerConfig: {},
  topics: [],
  producers: [],
  applications: [],
  groups: [],
  commands: [],
};
