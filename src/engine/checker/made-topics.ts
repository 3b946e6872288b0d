import { STREAMS_CONFIG } from '../api/config/client-config.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { CommandAct } from '../api/command.ts';
import type { ApplicationSpec, Scenario, TopicSpec } from '../api/scenario.ts';
import { brokerValues, read, settingsOf } from './written-values.ts';

/**
 * The topics that brokers and applications make for themselves, each with the fewest replicas and the lowest
 * `min.insync.replicas` that configurations give it. Where it is less than those of the scenario's topics, what a group
 * or a transaction has committed can be lost though no record of the tapes is.
 */
export function madeTopics(scenario: Scenario, acts: readonly CommandAct[]): TopicSpec[] {
  const { groups, applications, shareGroups = [] } = scenario;
  const least = (key: string): number => Math.min(...brokerValues(scenario, key, acts).map(Number));
  const made: TopicSpec[] = [];
  if (groups.length + applications.length + shareGroups.length > 0)
    made.push(topic('__consumer_offsets', least('offsets.topic.replication.factor')));
  if (hasTransactions(scenario, acts))
    made.push({
      ...topic('__transaction_state', least('transaction.state.log.replication.factor')),
      config: atLeast(least('transaction.state.log.min.isr')),
    });
  if (shareGroups.length > 0)
    made.push({
      ...topic('__share_group_state', least('share.coordinator.state.topic.replication.factor')),
      config: atLeast(least('share.coordinator.state.topic.min.isr')),
    });
  for (const { id, config } of applications) {
    const own = Number(read(STREAMS_CONFIG, 'replication.factor', [config['replication.factor']])[0]);
    made.push(topic(`${id}-changelog`, own < 0 ? least('default.replication.factor') : own));
  }
  return made;
}

const topic = (name: string, replicationFactor: number): TopicSpec => ({
  name,
  partitions: 1,
  replicationFactor,
  config: {},
});

const atLeast = (inSync: number): ConfigOverrides => ({ 'min.insync.replicas': String(inSync) });

const hasTransactions = (
  { producers, groups, applications }: Scenario,
  acts: readonly CommandAct[],
): boolean =>
  producers.some(({ config }) => config['transactional.id'] !== undefined) ||
  groups.some(({ output }) => output !== undefined) ||
  settingsOf(acts, 'transactional.id').length > 0 ||
  applications.some((application) => guaranteesOf(application, acts).includes('exactly_once_v2'));

/** Every `processing.guarantee` that an application has had, or would have had. */
export const guaranteesOf = ({ config }: Pick<ApplicationSpec, 'config'>, acts: readonly CommandAct[]) =>
  read(STREAMS_CONFIG, GUARANTEE, [config[GUARANTEE], ...settingsOf(acts, GUARANTEE)]);

const GUARANTEE = 'processing.guarantee';
