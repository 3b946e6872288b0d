import type * as Drain from '../../client/producer/drain.ts';
import type * as Producers from '../../client/producer/producer.ts';
import type * as ProducerBatches from '../../client/producer/producer-batch.ts';
import type { ApplicationPlan } from '../../streams/runtime/application-plan.ts';
import type { RuntimeTask } from '../../streams/runtime/runtime-task.ts';
import type * as StateDirectory from '../../streams/runtime/state-directory.ts';
import { ANYBODY_COMMITS } from './anybody-commits.ts';
import { replace, type Mutant } from './planting.ts';

/** Batches of changelogs, for the bug that leaves them out of their transaction. */
const ofChangelogs = new WeakSet<object>();

interface Held {
  readonly plan: ApplicationPlan;
  readonly task: RuntimeTask;
}

/** What instances hold, by their disks, for the bug that keeps it there. */
const held = new WeakMap<object, Map<string, Held>>();

/** The planted bugs that applications can show. */
export const STREAMS_MUTANTS: readonly Mutant[] = [
  {
    id: 'X23',
    rule: 'What was processed counts as read only when its results are written.',
    caughtBy: { 40: 41_001 },
    features: ['application', 'client-faults', 'slow'],
    bugs: [
      replace<typeof Producers>('../../client/producer/producer.ts', () => ({
        producerFlush: (producer) => producer.notices.push({ type: 'flushed' }),
      })),
    ],
  },
  {
    id: 'X24',
    rule: 'What a task has done since its last commit is not left on the disk (KAFKA-7192).',
    caughtBy: { 44: 40_001 },
    features: ['application', 'exactly-once', 'client-faults', 'crash', 'pause', 'cut'],
    bugs: [
      replace<typeof StateDirectory>(
        '../../streams/runtime/state-directory.ts',
        ({ checkpoint, loadTask, wipeDirectory }) => ({
          loadTask: (disk, plan, task) => {
            held.set(disk, (held.get(disk) ?? new Map<string, Held>()).set(task.id, { plan, task }));
            loadTask(disk, plan, task);
          },
          wipeDirectory: (disk, id) => {
            const { plan, task } = held.get(disk)?.get(id) ?? {};
            if (plan !== undefined && task?.commitNeeded === true) checkpoint(disk, plan, task, true);
            else wipeDirectory(disk, id);
          },
        }),
      ),
    ],
  },
  {
    id: 'X25',
    rule: 'A checkpoint names what its store holds, not what was written or will be (KAFKA-16017).',
    caughtBy: { 44: 40_001 },
    features: ['application', 'exactly-once', 'client-faults', 'crash', 'pause', 'cut'],
    bugs: [
      replace<typeof StateDirectory>('../../streams/runtime/state-directory.ts', ({ checkpoint }) => ({
        checkpoint: (disk, plan, task, enforced) => {
          const ahead = [...task.changelogOffsets].map(([topic, offset]) => [topic, offset + 2] as const);
          checkpoint(disk, plan, { ...task, changelogOffsets: new Map(ahead) }, enforced);
        },
      })),
    ],
  },
  {
    id: 'X26',
    rule: 'The changes of stores are part of the transaction (KIP-129).',
    caughtBy: { 45: 40_001, 46: 40_001, 47: 40_001 },
    features: ['application', 'exactly-once', 'client-faults', 'crash', 'pause', 'cut'],
    bugs: [
      replace<typeof Drain>('../../client/producer/drain.ts', ({ drain }) => ({
        drain: (...asked) => {
          const drained = drain(...asked);
          for (const { queue, batch } of drained)
            if (queue.topic.endsWith('-changelog')) ofChangelogs.add(batch);
          return drained;
        },
      })),
      replace<typeof ProducerBatches>('../../client/producer/producer-batch.ts', ({ sealBatch }) => ({
        sealBatch: (batch, isTransactional) => sealBatch(batch, isTransactional && !ofChangelogs.has(batch)),
      })),
    ],
  },
  {
    id: 'Y30',
    rule: 'A task that runs exactly once has no checkpoint that a crash could leave behind (KAFKA-10362).',
    caughtBy: { 44: 40_001 },
    features: ['application', 'exactly-once'],
    // Tasks stay where they run: only an instance that ends in order and comes back finds what it has left.
    script: (run) => {
      const [first = ''] = run.view.applications[0]?.instances ?? [];
      run.act({ type: 'shut-down', node: first });
      run.runFor(2_000);
      run.act({ type: 'start', node: first });
      run.runFor(12_000);
    },
    bugs: [
      replace<typeof StateDirectory>(
        '../../streams/runtime/state-directory.ts',
        ({ loadTask, STATE_PREFIX }) => ({
          loadTask: (disk, plan, task) => {
            const left = disk.values.get(STATE_PREFIX + task.id);
            loadTask(disk, plan, task);
            if (left !== undefined) disk.values.set(STATE_PREFIX + task.id, left);
          },
        }),
      ),
    ],
  },
  {
    id: 'Y31',
    rule: 'Offsets of a transaction are taken only from whom the group has given the partitions to (KIP-447).',
    caughtBy: { 48: 40_001 },
    features: ['application', 'exactly-once', 'client-faults'],
    bugs: [ANYBODY_COMMITS],
  },
  {
    id: 'Y32',
    rule: 'Every change of a store is written to its changelog.',
    caughtBy: { 43: 40_001 },
    features: ['application'],
    bugs: [
      replace<typeof Producers>('../../client/producer/producer.ts', ({ producerSend }) => ({
        producerSend: (producer, context, record) =>
          record.topic.endsWith('-changelog') && context.now() % 2 === 1
            ? 'accepted'
            : producerSend(producer, context, record),
      })),
    ],
  },
];
