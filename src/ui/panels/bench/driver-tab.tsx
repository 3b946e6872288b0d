import { useMemo } from 'react';
import type { Bench } from '../../state/bench.ts';
import { count } from '../../view-model/number-format.ts';
import styles from './bench.module.css';
import { StepAnswers } from './driver-answers.tsx';
import { DriverHistory } from './driver-history.tsx';
import { DriverStores } from './driver-stores.tsx';
import { FittedPicture } from './fitted-picture.tsx';
import { NodeFacts } from './node-facts.tsx';
import { RecordForm } from './record-form.tsx';
import { SessionText } from './session-text.tsx';
import type { PictureMarks } from './topology-picture.tsx';
import { useBench } from './use-bench.ts';

/** `TopologyTestDriver` for the topology: records go in one by one, and all that comes of each is seen. */
export function DriverTab({ bench }: { readonly bench: Bench }) {
  const drawn = useBench((state) => state.drawn);
  const source = useBench((state) => state.source);
  const node = useBench((state) => state.node);
  const marks = useDriverMarks();
  if (drawn === null || source === null) return null;
  return (
    <div className={styles.driver}>
      <div className={styles.hand}>
        <RecordForm bench={bench} inputs={drawn.figure.inputs} />
        <DriverHistory bench={bench} />
        <SessionText bench={bench} />
      </div>
      <div className={styles.seen}>
        <StepAnswers />
        <FittedPicture
          name={source.applicationId}
          drawn={drawn}
          marks={marks}
          selected={node}
          onSelect={(name) => bench.pick(name)}
        />
        <NodeFacts />
        <DriverStores />
      </div>
    </div>
  );
}

/** How many records each node has had, what the stores hold, and the way of the step that is looked at. */
function useDriverMarks(): PictureMarks {
  const run = useBench((state) => state.run);
  const at = useBench((state) => state.at);
  return useMemo(() => {
    const stores = new Map(run?.stores.map((store) => [store.name, store]));
    return {
      partNote: () => [],
      nodeNote: (name) => {
        const visits = run?.visits[name] ?? 0;
        return visits === 0 ? '' : `${count(visits)} in`;
      },
      storeNote: (name) => {
        const store = stores.get(name);
        return store === undefined || store.records === null || store.records === 0
          ? ''
          : `${count(store.records)} ${store.records === 1 ? 'entry' : 'entries'}`;
      },
      way: run?.steps[at]?.hops ?? [],
    };
  }, [run, at]);
}
