import type { WorkingGroupView } from '../../api/views/client.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { memberNode } from '../../api/ids.ts';
import type { Scenario } from '../../api/scenario.ts';

/** The groups of a scenario whose topic tapes are played into. */
export function workingGroups({
  topics,
  producers,
  groups,
}: Pick<Scenario, 'topics' | 'producers' | 'groups'>): WorkingGroupView[] {
  return groups
    .filter(({ topic }) => producers.some((producer) => producer.topic === topic))
    .map(({ id, topic, output, members }) => ({
      groupId: id,
      topic,
      output: output?.topic ?? null,
      isCompacted: topics.some(({ name, config }) => name === topic && isCompacted(config)),
      readers: Array.from({ length: members }, (_, i) => memberNode(id, i + 1)),
    }));
}

const isCompacted = (config: ConfigOverrides): boolean =>
  config['cleanup.policy']?.includes('compact') === true;
