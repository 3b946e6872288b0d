import { changePartition } from '../../../controller/partition-change.ts';
import type { Election } from '../../../controller/partition-wish.ts';
import { LEADER_RECOVERY_STATE } from '../../../metadata/metadata-record.ts';
import { mergePartition, type PartitionRegistration } from '../../../metadata/partition-registration.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';

/** PartitionChangeBuilder and PartitionRegistration.merge: each step is a wish for the partition that the last one left. */
export const partitionChangeAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(
      given,
      ['module', 'partition', 'minIsr', 'elrEnabled', 'useLastKnownLeader', 'steps'],
      'partition-change',
    );
    let partition = partitionOf(objectOf(given.partition, 'partition'));
    const results = listOf(given.steps, 'steps').map((step) => {
      const fields = changePartition(wishOf(given, partition, objectOf(step, 'step')));
      if (fields !== undefined)
        partition = mergePartition(partition, {
          type: 'PartitionChangeRecord',
          topicId: '',
          partitionId: 0,
          ...fields,
        });
      const record = fields === undefined ? null : withSets(named(fields));
      return { record, after: withSets(named(partition)) };
    });
    const expected = listOf(expect.results, 'results').map((result) => {
      const { record, after } = objectOf(result, 'result');
      return { record: record === null ? null : withSets(objectOf(record, 'record')), after: withSets(objectOf(after, 'after')) };
    });
    comparison.compare(results, expected, 'results');
  },
};

const FIELDS = [
  'election',
  'alive',
  'targetIsr',
  'targetReplicas',
  'targetAdding',
  'targetRemoving',
  'uncleanShutdown',
  'targetRecoveryState',
];

function wishOf(given: JsonObject, partition: PartitionRegistration, step: JsonObject) {
  onlyFields(step, FIELDS, 'step');
  const alive = ids(step.alive);
  return {
    partition,
    election: electionOf(textOf(step.election, 'election')),
    isAcceptableLeader: (id: number) => alive.includes(id),
    minIsr: numberOf(given.minIsr, 'minIsr'),
    elrEnabled: given.elrEnabled === true,
    useLastKnownLeader: given.useLastKnownLeader === true,
    ...targets(step),
    ...(step.targetRecoveryState === undefined
      ? {}
      : { targetRecoveryState: recoveryState(step.targetRecoveryState) }),
  };
}

function targets(step: JsonObject): Record<string, number[]> {
  const fields = ['targetIsr', 'targetReplicas', 'targetAdding', 'targetRemoving', 'uncleanShutdown'];
  return Object.fromEntries(fields.filter((field) => step[field] !== undefined).map((field) => [field, ids(step[field])]));
}

function electionOf(text: string): Election {
  if (text === 'ONLINE' || text === 'PREFERRED' || text === 'UNCLEAN') return text;
  throw new UnsupportedError(`election "${text}"`);
}

const ids = (value: Json | undefined): number[] =>
  listOf(value, 'broker ids').map((id) => numberOf(id, 'broker id'));

const recoveryState = (value: Json | undefined): number =>
  textOf(value, 'recovery state') === 'RECOVERING'
    ? LEADER_RECOVERY_STATE.RECOVERING
    : LEADER_RECOVERY_STATE.RECOVERED;

const partitionOf = (given: JsonObject): PartitionRegistration => ({
  replicas: ids(given.replicas),
  isr: ids(given.isr),
  addingReplicas: ids(given.addingReplicas ?? []),
  removingReplicas: ids(given.removingReplicas ?? []),
  elr: ids(given.elr),
  lastKnownElr: ids(given.lastKnownElr),
  leader: numberOf(given.leader, 'leader'),
  leaderRecoveryState: recoveryState(given.leaderRecoveryState),
  leaderEpoch: numberOf(given.leaderEpoch, 'leaderEpoch'),
  partitionEpoch: numberOf(given.partitionEpoch, 'partitionEpoch'),
  directories: [],
});

const SETS: ReadonlySet<string> = new Set(['elr', 'lastKnownElr', 'eligibleLeaderReplicas']);

/** The engine's fields in the words of the cases; a partition without a reassignment, or without directories, has no lists for it there. */
function named(fields: object): JsonObject {
  const result: Record<string, Json> = {};
  const isPartition = 'partitionEpoch' in fields;
  for (const [field, value] of Object.entries(fields) as [string, Json][]) {
    const reassignment = field === 'addingReplicas' || field === 'removingReplicas';
    if (isPartition && (reassignment || field === 'directories') && (value as readonly Json[]).length === 0) continue;
    const isState = field === 'leaderRecoveryState';
    result[field] = isState ? (value === LEADER_RECOVERY_STATE.RECOVERING ? 'RECOVERING' : 'RECOVERED') : value;
  }
  return result;
}

function withSets(fields: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [field, value] of Object.entries(fields))
    if (value !== undefined) result[field] = SETS.has(field) ? ids(value).sort((a, b) => a - b) : value;
  return result;
}
