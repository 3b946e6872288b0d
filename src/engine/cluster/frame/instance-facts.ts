import type { InstanceFacts, NodeEntity, ThreadFacts } from '../../api/entities/node.ts';
import type { NodeId } from '../../api/ids.ts';
import { planOf } from '../../streams/runtime/application-plan.ts';
import type { StreamsInstanceConfig } from '../../streams/runtime/instance-config.ts';
import type { StreamsMemory } from '../../streams/runtime/instance-memory.ts';
import { storedProcessId, transactionalIdOf } from '../../streams/runtime/process-id.ts';
import type { StreamThread } from '../../streams/runtime/stream-thread.ts';
import type { World } from '../world.ts';

/** An instance's process with its threads, and the ids under which they write in transactions, also while it is down. */
export function instanceFactsOf(
  world: World,
  node: NodeId,
): Pick<NodeEntity, 'instance' | 'transactionalIds'> {
  const memory = world.instance(node);
  const plan = planOf(world.slot(node).config as StreamsInstanceConfig);
  const ids = plan.exactlyOnce ? transactionalIds(world, node, memory) : [];
  return {
    ...(memory === undefined ? {} : { instance: factsOf(memory) }),
    ...(ids.length === 0 ? {} : { transactionalIds: ids }),
  };
}

function transactionalIds(world: World, node: NodeId, memory: StreamsMemory | undefined): string[] {
  const { config, disk } = world.slot(node);
  const { applicationId } = config as StreamsInstanceConfig;
  const { settings } = planOf(config as StreamsInstanceConfig);
  const process = storedProcessId(disk);
  if (process === undefined) return [];
  const first = Array.from({ length: settings['num.stream.threads'] }, (_, i) => i + 1);
  const threads = new Set([...first, ...(memory?.threads.map(({ index }) => index) ?? [])]);
  return [...threads]
    .sort((a, b) => a - b)
    .map((thread) => transactionalIdOf(applicationId, process, thread));
}

const factsOf = ({ state, processId, threads }: StreamsMemory): InstanceFacts => ({
  state,
  processId,
  threads: threads.map(threadFacts),
});

const threadFacts = ({ index, name, state, tasks, standbys, failure }: StreamThread): ThreadFacts => ({
  index,
  name,
  state,
  tasks: [...tasks.keys()],
  standbys: [...standbys.keys()],
  ...(failure === null ? {} : { failure }),
});
