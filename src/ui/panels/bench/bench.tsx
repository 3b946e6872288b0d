import { useEffect, useRef, type RefObject } from 'react';
import { useApp, useLayout, useRun } from '../../state/binding.ts';
import {
  benchOf,
  subjectsOf,
  type Bench as BenchModel,
  type BenchDoors,
  type BenchTab,
} from '../../state/bench.ts';
import { EXAMPLES } from '../../view-model/topology/examples.ts';
import { Button } from '../../widgets/button.tsx';
import { ChangedMark } from '../../widgets/changed-mark.tsx';
import { giveBack } from '../../widgets/give-back.ts';
import { TabPanel, Tabs } from '../../widgets/tabs.tsx';
import styles from './bench.module.css';
import { DriverTab } from './driver-tab.tsx';
import { TextTab } from './text-tab.tsx';
import { TopologyTab } from './topology-tab.tsx';
import { useBench } from './use-bench.ts';

const TABS: readonly { readonly id: BenchTab; readonly label: string }[] = [
  { id: 'topology', label: 'Topology' },
  { id: 'driver', label: 'Test driver' },
  { id: 'text', label: 'As text' },
];

/** A topology by itself: its picture, a test driver for it, and its text. */
export function Bench({ doors }: { readonly doors: BenchDoors }) {
  const app = useApp();
  const bench = benchOf(app, doors);
  const wanted = useLayout((state) => state.bench);
  const scenario = useRun((state) => state.scenario);
  const tab = useBench((state) => state.tab);
  const problem = useBench((state) => state.problem);
  const drawn = useBench((state) => state.drawn !== null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (wanted !== null) void bench.open(wanted);
  }, [bench, wanted, scenario]);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      bench.rest();
      giveBack(before);
    };
  }, [bench]);
  return (
    <section className={styles.bench} aria-label="Bench">
      <Head bench={bench} heading={heading} />
      <About />
      <Tabs label="Bench" name="bench" tabs={TABS} value={tab} onChange={(next) => bench.show(next)} />
      {problem === null ? null : (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <TabPanel name="bench" value={tab} className={styles.body}>
        {drawn ? <Content tab={tab} bench={bench} /> : null}
      </TabPanel>
    </section>
  );
}

function Content({ tab, bench }: { readonly tab: BenchTab; readonly bench: BenchModel }) {
  if (tab === 'topology') return <TopologyTab bench={bench} />;
  return tab === 'driver' ? <DriverTab bench={bench} /> : <TextTab bench={bench} />;
}

/** What an example is there for. */
function About() {
  const subject = useBench((state) => state.subject);
  const about = EXAMPLES.find(({ id }) => `example:${id}` === subject)?.about;
  return about === undefined ? null : <p className={styles.about}>{about}</p>;
}

interface HeadProps {
  readonly bench: BenchModel;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

function Head({ bench, heading }: HeadProps) {
  const { layout } = useApp();
  const scenario = useRun((state) => state.scenario);
  const subject = useBench((state) => state.subject);
  const edited = useBench((state) => state.edited);
  return (
    <header className={styles.head}>
      <h2 ref={heading} tabIndex={-1}>
        Bench
      </h2>
      <span className={styles.subject}>
        <select
          aria-label="Topology on the bench"
          value={subject}
          onChange={(event) => layout.setState({ bench: event.target.value })}
        >
          {subject === 'session' ? <option value="session">From text</option> : null}
          {subjectsOf(scenario).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </span>
      {edited && subject !== 'session' ? (
        <span className={styles.edited}>
          <ChangedMark /> changed
          <Button look="link" onClick={() => void bench.restore()}>
            Take the change back
          </Button>
        </span>
      ) : null}
      <span className={styles.grow} />
      <Button
        look="plain"
        icon="close"
        iconSize={18}
        bare
        aria-label="Close the bench"
        onClick={() => layout.setState({ bench: null })}
      />
    </header>
  );
}
