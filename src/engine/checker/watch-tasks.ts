import type { NodeId } from '../api/ids.ts';
import { atCuts } from './application-cuts.ts';
import { having, type Handlers, type Invariant, type Scene } from './invariant.ts';

/** Has tasks checked that begin to run, or end, under exactly_once_v2. */
export class TaskWatch {
  private readonly onTask: Handlers<'onTask'>;

  constructor(invariants: readonly Invariant[]) {
    this.onTask = having(invariants, 'onTask');
  }

  /** Looks at what was told since the last time. */
  look(scene: Scene): void {
    const { view, ghost } = scene;
    const { tasksTrace } = ghost;
    if (view.newestTrace <= tasksTrace) return;
    ghost.tasksTrace = view.newestTrace;
    const told = new Set<string>();
    // What was told before this watch began is over.
    if (tasksTrace >= 0)
      view.visitTraces(tasksTrace, ({ node, data }) => {
        if (data.type === 'task-running' || data.type === 'task-closed') told.add(placeOf(node, data.task));
      });
    if (told.size > 0) this.check(scene, told);
  }

  private check(scene: Scene, places: ReadonlySet<string>): void {
    atCuts(scene, (application) => {
      for (const task of application.tasks())
        if (places.has(placeOf(task.node, task.task)))
          for (const invariant of this.onTask) invariant.onTask(scene, { application, task });
    });
  }
}

const placeOf = (node: NodeId, task: string): string => `${node} ${task}`;
