import { InvariantError } from '../../base/assert.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { Store } from '../state-stores/store.ts';
import { globalTask } from '../task/global-task.ts';
import type { StreamTask } from '../task/stream-task.ts';
import type { TaskState } from '../task/task-state.ts';
import type { GlobalStoreTopology } from '../topology/build-topology.ts';
import { planOf } from './application-plan.ts';
import type { StreamsMemory } from './instance-memory.ts';

interface BoundGlobal {
  readonly task: StreamTask;
  /** Where its clock is. */
  readonly at: { context: NodeContext };
}

/** The compiled tasks of global tables: code, made again after a fork. */
const bound = new WeakMap<TaskState, BoundGlobal>();

/** The code of the task that keeps a global table up, at work in this context. */
export function bindGlobal(
  memory: StreamsMemory,
  context: NodeContext,
  { part, state }: { readonly part: GlobalStoreTopology; readonly state: TaskState },
): StreamTask {
  let found = bound.get(state);
  if (found === undefined) {
    const at = { context };
    const nothing = (): never => {
      throw new InvariantError('a global table writes nothing');
    };
    const task = globalTask(part, state, {
      taskId: 'global',
      config: planOf(memory.config).topology.config,
      wallClock: () => at.context.wallClockMs(),
      emit: nothing,
      changelog: nothing,
      globalStore: () => undefined,
    });
    found = { task, at };
    bound.set(state, found);
  }
  found.at.context = context;
  return found.task;
}

/** The store of a global table by its name. */
export function globalStoreOf(memory: StreamsMemory, context: NodeContext, name: string): Store | undefined {
  const part = planOf(memory.config).topology.globalStores.find(({ store }) => store.name === name);
  const kept = memory.globals?.stores.find(({ topic }) => topic === part?.topic);
  if (part === undefined || kept === undefined) return undefined;
  return bindGlobal(memory, context, { part, state: kept.state }).store(name);
}
