import { CONTROLLER_NODE, type NodeId } from '../../engine/api/ids.ts';
import type { AnswerTable, TraceEvent } from '../../engine/api/trace-event.ts';
import { useApp } from '../state/binding.ts';
import { answerListing } from '../view-model/answer-listing.ts';
import { caption, type Names } from '../view-model/caption.ts';
import { count, moment } from '../view-model/number-format.ts';
import styles from './event-list.module.css';
import { useNames } from './use-names.ts';

/** Events as sentences; the time of each leads to its moment. */
export function EventList({ events }: { readonly events: readonly TraceEvent[] }) {
  const { actions } = useApp();
  const names = useNames();
  return (
    <ol className={styles.events}>
      {events.map((event) => (
        <li key={event.id}>
          <button
            type="button"
            onClick={() => actions.seek(event.at)}
            aria-label={`Go to ${moment(event.at)}`}
          >
            {moment(event.at)}
          </button>
          <span className={styles.node}>{tellerName(event.node, names)}</span>
          <span>{caption(event, names)}</span>
          {event.data.type === 'tool-answered' && event.data.table !== null ? (
            <AnswerListing answer={event.data.table} />
          ) : null}
        </li>
      ))}
    </ol>
  );
}

/** What a tool has listed. */
function AnswerListing({ answer }: { readonly answer: AnswerTable }) {
  const { all, heads, rows, more } = answerListing(answer);
  return (
    <div className={styles.listing} role="group" aria-label="What was listed" tabIndex={0}>
      {all.length === 0 ? null : <p className="quiet">In every row: {all.join(', ')}.</p>}
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more === 0 ? null : <p className="quiet">And {count(more)} more.</p>}
    </div>
  );
}

/** The controller is seldom on the stage; its letter alone says nothing. */
export const tellerName = (node: NodeId, names: Names): string =>
  node === CONTROLLER_NODE ? 'controller' : names.node(node);
