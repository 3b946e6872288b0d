import type { JsonObject } from '../../../engine/base/json.ts';
import type { DriverRun, StepOutcome } from '../../../engine/api/topology-driver.ts';
import { count, plural } from '../../view-model/number-format.ts';
import { dropWords, fieldWords, jsonWords, timeWords, wayWords } from '../../view-model/topology/words.ts';
import { Icon } from '../../widgets/icon.tsx';
import tables from '../tables.module.css';
import styles from './bench.module.css';
import { useBench } from './use-bench.ts';

/** What came of the step that is looked at. */
export function StepAnswers() {
  const run = useBench((state) => state.run);
  const at = useBench((state) => state.at);
  if (run === null) return null;
  const outcome = run.steps[at];
  return (
    <>
      <Clocks run={run} />
      {outcome === undefined ? (
        <p className={styles.hint}>
          Pipe a record in: what comes out of it, and which way it took, stands here.
        </p>
      ) : (
        <Outcome outcome={outcome} step={at + 1} />
      )}
    </>
  );
}

const Clocks = ({ run }: { readonly run: DriverRun }) => (
  <p className={styles.clocks} role="status">
    <span>
      stream time{' '}
      <b className={styles.time}>
        {run.streamTime < 0 ? 'none yet' : timeWords(run.streamTime)}
        <Icon name="stream" size={13} />
      </b>
    </span>
    <span>
      wall clock <b>{count(run.wallClock)}</b> ms
    </span>
    <span className={run.dropped > 0 ? tables.bad : undefined}>
      <b>{count(run.dropped)}</b> dropped
    </span>
  </p>
);

function Outcome({ outcome, step }: { readonly outcome: StepOutcome; readonly step: number }) {
  const { outputs, changes, drops, hops, error, hidden } = outcome;
  return (
    <section aria-label={`What came of step ${step}`}>
      <h3>Step {step}</h3>
      {error === null ? null : (
        <div className={styles.problem} role="alert">
          <p>
            <b>{error.className}</b> {error.message}
          </p>
          {error.causes.map((cause) => (
            <p key={cause}>Caused by {cause}</p>
          ))}
          <p>The task has ended. Take the step back to go on.</p>
        </div>
      )}
      {drops.map((drop) => (
        <p key={`${drop.node ?? ''} ${drop.reason}`} className={tables.bad}>
          {dropWords(drop)}
        </p>
      ))}
      {outputs.length === 0 ? (
        <p className={styles.hint}>Nothing came out.</p>
      ) : (
        <Records
          caption={`Records that came out of step ${step}`}
          rows={outputs.map(({ topic, isInternal, record }) => ({
            topic: isInternal ? `${topic} (own)` : topic,
            record,
          }))}
        />
      )}
      {changes.length === 0 ? null : (
        <details className={styles.more}>
          <summary>{plural(changes.length, 'change')} of stores, on changelogs</summary>
          <Records caption={`Changelog records of step ${step}`} rows={changes} />
        </details>
      )}
      {hidden === 0 ? null : <p className={styles.hint}>And {count(hidden)} more.</p>}
      {hops.length === 0 ? null : (
        <details className={styles.more}>
          <summary>The way it took</summary>
          <p className={styles.way}>{wayWords(hops)}</p>
        </details>
      )}
    </section>
  );
}

interface RecordRow {
  readonly topic: string;
  readonly record: JsonObject;
}

/** Fields of a changelog record that say which window it is of. */
const SPAN = ['start', 'end', 'seq'] as const;

function keyWords(record: JsonObject): string {
  const span = SPAN.filter((field) => record[field] !== undefined).map(
    (field) => `${field} ${fieldWords(field, record[field])}`,
  );
  return [jsonWords(record['key']), ...span].join(', ');
}

function Records({ caption, rows }: { readonly caption: string; readonly rows: readonly RecordRow[] }) {
  const headers = rows.some(({ record }) => record['headers'] !== undefined);
  return (
    <div className={styles.scroll} role="group" aria-label={caption} tabIndex={0}>
      <table className={tables.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">topic</th>
            <th scope="col" className={tables.left}>
              key
            </th>
            <th scope="col" className={tables.left}>
              value
            </th>
            <th scope="col">timestamp</th>
            {headers ? (
              <th scope="col" className={tables.left}>
                headers
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ topic, record }, i) => (
            <tr key={i}>
              <th scope="row">{topic}</th>
              <td className={`${tables.left ?? ''} ${styles.long ?? ''}`}>{keyWords(record)}</td>
              <td className={`${tables.left ?? ''} ${styles.long ?? ''}`}>{jsonWords(record['value'])}</td>
              <td>{fieldWords('ts', record['ts'])}</td>
              {headers ? <td className={tables.left}>{headerWords(record)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const headerWords = ({ headers }: JsonObject): string =>
  Array.isArray(headers)
    ? headers.map((header) => (Array.isArray(header) ? header.map(jsonWords).join(': ') : '')).join(', ')
    : '';
