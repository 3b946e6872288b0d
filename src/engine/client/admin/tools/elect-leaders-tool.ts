import type { ElectLeaders } from '../../../api/admin-act.ts';
import { ERROR_CODES, errorName, NONE } from '../../../protocol/errors.ts';
import type { ElectLeadersResponse } from '../../../protocol/elect-leaders.ts';
import { ANY, ask, done, failed, firstOf, table, type Answer, type Tool } from './tool.ts';

const ELECTION_TYPES = { preferred: 0, unclean: 1 } as const;
const TIMEOUT_MS = 30_000;

/** `kafka-leader-election`. */
export const electLeaders: Tool<ElectLeaders> = ({ election, topic, partition }, told) => {
  const answer = firstOf(told, 'ElectLeaders');
  if (answer !== undefined) return summary(answer, election);
  const topicPartitions =
    topic === undefined || partition === undefined ? null : [{ topic, partitions: [partition] }];
  const electionType = ELECTION_TYPES[election];
  return ask(ANY, 'ElectLeaders', { electionType, topicPartitions, timeoutMs: TIMEOUT_MS });
};

/** A partition that has the leader which was wanted counts as done. Of all partitions the controller names only others. */
function summary(answer: ElectLeadersResponse, election: ElectLeaders['election']): Answer {
  if (answer.errorCode !== NONE) return failed(answer.errorCode, null);
  const results = answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map((result) => ({ ...result, name: `${topic}-${result.partitionId}` })),
  );
  const elected = results.filter(({ errorCode }) => errorCode === NONE);
  const refused = results.find(
    ({ errorCode }) => errorCode !== NONE && errorCode !== ERROR_CODES.ELECTION_NOT_NEEDED,
  );
  const rows = results.map(({ name, errorCode }) => [
    name,
    errorCode === NONE ? 'elected' : errorName(errorCode),
  ]);
  const listed = rows.length === 0 ? null : table(['Partition', 'Result'], rows);
  if (refused !== undefined)
    return { ...failed(refused.errorCode, `${refused.name}: ${refused.errorMessage}`), table: listed };
  const what =
    elected.length === 0
      ? `No ${election} election was needed.`
      : `The ${election} election gave ${elected.map(({ name }) => name).join(', ')} a leader.`;
  return done(what, listed);
}
