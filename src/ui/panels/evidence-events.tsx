import { useMemo, useState } from 'react';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { useReadableRun } from '../state/binding.ts';
import { plural } from '../view-model/number-format.ts';
import { EventList, tellerName } from './event-list.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import { useNames } from './use-names.ts';

const SHOWN = 200;

/** What happened until now, newest first; by machine, and with or without the ordinary. */
export function EventsEvidence() {
  const events = useReadableRun((state) => state.history.events);
  const notable = useReadableRun((state) => state.history.notable);
  const dropped = useReadableRun((state) => state.history.dropped);
  const at = useReadableRun((state) => state.model.at);
  const [all, setAll] = useState(false);
  const [node, setNode] = useState('');
  const names = useNames();
  const source = all ? events : notable;
  const nodes = useMemo(() => [...new Set(source.map((event) => event.node))].sort(), [source]);
  const shown = useMemo(() => newest(source, at, node), [source, at, node]);
  return (
    <>
      <div className={styles.filter}>
        <label>
          from
          <select value={node} onChange={(event) => setNode(event.target.value)}>
            <option value="">everybody</option>
            {nodes.map((id) => (
              <option key={id} value={id}>
                {tellerName(id, names)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          the ordinary too (batches, commits)
        </label>
        {dropped > 0 ? (
          <span className="quiet">{plural(dropped, 'event')} went by too fast to keep.</span>
        ) : null}
      </div>
      {shown.length === 0 ? (
        <Empty>Nothing of that kind has happened yet.</Empty>
      ) : (
        <EventList events={shown} />
      )}
    </>
  );
}

function newest(events: readonly TraceEvent[], at: number, node: string): readonly TraceEvent[] {
  const found: TraceEvent[] = [];
  for (let i = events.length - 1; i >= 0 && found.length < SHOWN; i--) {
    const event = events[i];
    if (event === undefined || event.at > at || (node !== '' && event.node !== node)) continue;
    found.push(event);
  }
  return found;
}
