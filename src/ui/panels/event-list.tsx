import { CONTROLLER_NODE, type NodeId } from '../../engine/api/ids.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { useApp } from '../state/binding.ts';
import { caption, type Names } from '../view-model/caption.ts';
import { moment } from '../view-model/number-format.ts';
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
        </li>
      ))}
    </ol>
  );
}

/** The controller is seldom on the stage; its letter alone says nothing. */
export const tellerName = (node: NodeId, names: Names): string =>
  node === CONTROLLER_NODE ? 'controller' : names.node(node);
