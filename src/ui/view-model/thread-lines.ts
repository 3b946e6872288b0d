import type { InstanceFacts, ThreadFacts } from '../../engine/api/entities/node.ts';

/** A stream thread of an instance: its state, and what it has. */
export interface ThreadLine {
  readonly name: string;
  readonly state: string;
  readonly has: string;
}

/** The threads of an instance by their names within it, in the order of their indices. */
export const threadLines = ({ threads }: InstanceFacts): readonly ThreadLine[] =>
  [...threads]
    .sort((a, b) => a.index - b.index)
    .map((thread) => ({ name: `StreamThread-${thread.index}`, state: thread.state, has: holdings(thread) }));

function holdings({ tasks, standbys, failure }: ThreadFacts): string {
  if (failure !== undefined) return `ended by ${failure}`;
  const parts = [
    ...(tasks.length === 0 ? [] : [`${tasks.length === 1 ? 'task' : 'tasks'} ${tasks.join(', ')}`]),
    ...(standbys.length === 0 ? [] : [`copies of ${standbys.join(', ')}`]),
  ];
  return parts.length === 0 ? 'no task' : parts.join('; ');
}
