import { useMemo, useState } from 'react';
import type { TaskEntity } from '../../../engine/api/entities/application.ts';
import type { TopologyFigure } from '../../../engine/api/topology-driver.ts';
import { useApp, useReadableRun } from '../../state/binding.ts';
import type { Bench } from '../../state/bench.ts';
import { clock } from '../../view-model/caption.ts';
import { count, plural } from '../../view-model/number-format.ts';
import { partFigures, tasksOf } from '../../view-model/topology/words.ts';
import { Button } from '../../widgets/button.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import styles from './bench.module.css';
import { FittedPicture } from './fitted-picture.tsx';
import { NodeFacts } from './node-facts.tsx';
import { TaskTable } from './task-table.tsx';
import type { PictureMarks } from './topology-picture.tsx';
import { TopologyWords } from './topology-words.tsx';
import { useBench } from './use-bench.ts';

type View = 'picture' | 'words' | 'describe';

/** What the topology was built to; of an application that runs, also who has its tasks and how far they are. */
export function TopologyTab({ bench }: { readonly bench: Bench }) {
  const [view, setView] = useState<View>('picture');
  const drawn = useBench((state) => state.drawn);
  const source = useBench((state) => state.source);
  const node = useBench((state) => state.node);
  const marks = useLiveMarks();
  const application = useRunningApplication();
  if (drawn === null || source === null) return null;
  return (
    <>
      <div className={styles.row}>
        <Segmented
          label="Shown as"
          choices={[
            { value: 'picture', label: 'Picture' },
            { value: 'words', label: 'Words' },
            { value: 'describe', label: 'describe()' },
          ]}
          value={view}
          onChange={setView}
        />
        {view === 'describe' ? <CopyButton text={drawn.figure.description} /> : null}
      </div>
      {view === 'picture' ? (
        <>
          <FittedPicture
            name={source.applicationId}
            drawn={drawn}
            marks={marks}
            selected={node}
            onSelect={(name) => bench.pick(name)}
          />
          <NodeFacts />
        </>
      ) : null}
      {view === 'words' ? <TopologyWords figure={drawn.figure} /> : null}
      {view === 'describe' ? (
        <pre className={styles.describe} tabIndex={0} aria-label="Topology.describe()">
          {drawn.figure.description}
        </pre>
      ) : null}
      {application === null ? null : <TaskTable application={application} />}
    </>
  );
}

/** The application that runs this very topology; null for an example, or when it was changed. */
export function useRunningApplication(): string | null {
  return useBench(({ subject, edited }) =>
    !edited && subject.startsWith('application:') ? subject.slice('application:'.length) : null,
  );
}

const NOTHING = (): string => '';

/** What the running tasks say of themselves: for each sub-topology, since Kafka counts by task. */
function useLiveMarks(): PictureMarks {
  const application = useRunningApplication();
  const figure = useBench((state) => state.drawn?.figure);
  const entities = useReadableRun((state) => state.model.entities);
  return useMemo(() => {
    const tasks = application === null ? [] : tasksOf(entities, application);
    const partNote = (part: number): readonly string[] => {
      const { tasks: many, processed, dropped, streamTime, entries } = partFigures(tasks, part);
      if (many === 0) return [];
      return [
        plural(many, 'task'),
        `${count(processed)} processed`,
        ...(entries === 0 ? [] : [`${count(entries)} in stores`]),
        ...(streamTime < 0 ? [] : [`stream time ${clock(streamTime)}`]),
        ...(dropped === 0 ? [] : [`${count(dropped)} too late`]),
      ];
    };
    return { partNote, nodeNote: NOTHING, storeNote: entriesOf(figure, tasks), way: null };
  }, [application, entities, figure]);
}

/** Tasks say how much is in all of their stores: of a store that is the only one of its sub-topology that is its own. */
function entriesOf(
  figure: TopologyFigure | undefined,
  tasks: readonly TaskEntity[],
): (store: string) => string {
  const alone = new Map(
    figure?.parts.flatMap(({ id, nodes }) => {
      const [only, ...others] = new Set(nodes.flatMap(({ stores }) => stores));
      return only === undefined || others.length > 0 ? [] : [[only, id] as const];
    }),
  );
  return (store) => {
    const part = alone.get(store);
    if (part === undefined || !tasks.some(({ subtopology }) => subtopology === part)) return '';
    const { entries } = partFigures(tasks, part);
    return `${count(entries)} ${entries === 1 ? 'entry' : 'entries'}`;
  };
}

export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const { actions } = useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      actions.say('It is copied.');
    } catch {
      actions.say('This browser lets the page copy nothing; select the text and copy it from there.');
    }
  };
  return <Button onClick={() => void copy()}>{label}</Button>;
}
