import { useMemo } from 'react';
import type { ApplicationEntity } from '../../engine/api/entities/application.ts';
import { useApp, useReadableRun } from '../state/binding.ts';
import { detailKey } from '../state/run-model.ts';
import { count, moment } from '../view-model/number-format.ts';
import { answerLines, utc, type AnswerLine } from '../view-model/query-answers.ts';
import type { QueriedApplication } from '../view-model/query-form.ts';
import styles from './evidence-queries.module.css';
import { Empty } from './facts.tsx';
import { QueryForm } from './query-form.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

/** A REST client of the applications' stores, and what it was told. */
export function QueriesEvidence() {
  const applications = useApplications();
  const notable = useReadableRun((state) => state.history.notable);
  const at = useReadableRun((state) => state.model.at);
  const names = useNames();
  const lines = useMemo(() => answerLines(notable, at, names), [notable, at, names]);
  if (applications === null) return <Empty>The stores are being looked up.</Empty>;
  if (applications.length === 0)
    return <Empty>No application here keeps a store. Stores come with counts, aggregates and tables.</Empty>;
  return (
    <>
      <QueryForm applications={applications} />
      {lines.length === 0 ? (
        <Empty>Nothing has come back yet. What is sent is answered when time goes on.</Empty>
      ) : (
        <ol className={styles.answers} aria-label="Answers, newest first">
          {lines.map((line) => (
            <Answer key={line.id} line={line} />
          ))}
        </ol>
      )}
    </>
  );
}

/** Applications with stores; null while they are not known yet. */
function useApplications(): readonly QueriedApplication[] | null {
  const entities = useReadableRun((state) => state.model.entities);
  const details = useReadableRun((state) => state.model.details);
  return useMemo(() => {
    const all = [...entities.values()].filter(
      (entity): entity is ApplicationEntity => entity.kind === 'application',
    );
    const known = all.flatMap(({ id, name, instances }) => {
      const detail = details.get(detailKey({ id, what: 'stores' }));
      return detail?.what === 'stores' ? [{ name, instances, stores: detail.stores }] : [];
    });
    if (known.length < all.length) return null;
    return known.filter(({ stores }) => stores.length > 0);
  }, [entities, details]);
}

function Answer({ line }: { readonly line: AnswerLine }) {
  const { actions } = useApp();
  const { at, asked, status, good, sentence, path, read, rows, timed, more } = line;
  return (
    <li>
      <p className={styles.head}>
        <button type="button" onClick={() => actions.seek(at)} aria-label={`Go to ${moment(at)}`}>
          {moment(at)}
        </button>
        <strong className={good ? undefined : tables.bad}>{status}</strong>
        <span>{asked}</span>
      </p>
      <p>
        {sentence} <span className="quiet">{path}</span>
      </p>
      {read === null ? null : <p className="quiet">{read}</p>}
      {rows.length === 0 ? null : (
        <div className={styles.rows} role="group" aria-label={`Rows of ${asked}`} tabIndex={0}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">key</th>
                {timed ? (
                  <th scope="col" className={tables.left}>
                    from, UTC
                  </th>
                ) : null}
                {timed ? (
                  <th scope="col" className={tables.left}>
                    to
                  </th>
                ) : null}
                <th scope="col">value</th>
                <th scope="col">partition</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.partition}/${row.key}/${row.start}/${row.end}`}>
                  <th scope="row">{row.key}</th>
                  {timed ? <td className={tables.left}>{utc(row.start)}</td> : null}
                  {timed ? <td className={tables.left}>{utc(row.end).slice(11)}</td> : null}
                  <td>{row.value}</td>
                  <td>{row.partition}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more === 0 ? null : <p className="quiet">And {count(more)} more rows.</p>}
    </li>
  );
}
