import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useApp } from '../../state/binding.ts';
import type { Problem } from '../../../engine/api/scenario-problem.ts';
import type { TopologySource } from '../../../engine/api/topology-driver.ts';
import { printTopology } from '../../../engine/api/scenario-print.ts';
import type { Bench } from '../../state/bench.ts';
import { runWithTopology } from '../../state/changed-topology.ts';
import { Button } from '../../widgets/button.tsx';
import styles from './bench.module.css';
import { useBench } from './use-bench.ts';

const JsonEditor = lazy(() => import('./json-editor.tsx').then((m) => ({ default: m.JsonEditor })));

/** Time without a key press after which the text is read. */
const PAUSE_MS = 250;

/** The topology as text: it is read while it is written, and taken when the person says so. */
export function TextTab({ bench }: { readonly bench: Bench }) {
  const source = useBench((state) => state.source);
  const subject = useBench((state) => state.subject);
  return source === null ? null : (
    <Editing key={`${subject} ${JSON.stringify(source.topology)}`} bench={bench} source={source} />
  );
}

function Editing({ bench, source }: { readonly bench: Bench; readonly source: TopologySource }) {
  const app = useApp();
  const subject = useBench((state) => state.subject);
  const [first] = useState(() => printTopology(source.topology));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [good, setGood] = useState<TopologySource | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const newest = useRef(first);
  const onChange = (text: string) => {
    clearTimeout(timer.current);
    newest.current = text;
    setGood(null);
    timer.current = setTimeout(() => {
      void bench.read(text).then((read) => {
        if (newest.current !== text) return;
        setProblem(read.ok ? null : read.error);
        setGood(read.ok ? read.value : null);
      });
    }, PAUSE_MS);
  };
  const application = subject.startsWith('application:') ? subject.slice('application:'.length) : null;
  const runIt = async () => {
    if (application === null || !(await bench.take(good ?? source))) return;
    const why = await runWithTopology(app, bench.doors, application, (good ?? source).topology);
    app.actions.say(why ?? `The scenario begins anew, with the changed topology of ${application}.`);
  };
  return (
    <div className={styles.text}>
      <Suspense fallback={<p className={styles.hint}>The editor is being loaded.</p>}>
        <JsonEditor label="Topology as JSON" text={first} problem={problem} onChange={onChange} />
      </Suspense>
      <p className={problem === null ? styles.hint : styles.problem} role="status">
        {problem === null ? goodWords(good) : placed(problem)}
      </p>
      <div className={styles.row}>
        <Button
          look="primary"
          disabled={good === null}
          onClick={() => {
            if (good !== null) void bench.take(good).then(() => bench.show('driver'));
          }}
        >
          Take it to the test driver
        </Button>
        {application === null ? null : (
          <Button disabled={problem !== null} onClick={() => void runIt()}>
            Run the scenario with it
          </Button>
        )}
      </div>
      <p className={styles.hint}>
        Each line is one call of the DSL; <code>of</code> names the node it is called on.{' '}
        {application === null
          ? 'An example has no scenario to run in: its topics are not there.'
          : 'To run the scenario with it begins at 0 s; Undo brings the run before it back.'}
      </p>
    </div>
  );
}

/** What is no JSON names its line by itself. */
const NOT_JSON = /^The text is not valid JSON: in line [\d,]+, /;

export const placed = ({ message, line, column }: Problem): string =>
  line === undefined
    ? message
    : `Line ${line}, column ${column ?? 1}: ${message.replace(NOT_JSON, 'this is no JSON: ')}`;

const goodWords = (good: TopologySource | null): string =>
  good === null ? 'Change something; whether it can be built is said here.' : 'It can be built.';
