import type { StoreListing } from '../../../engine/api/topology-driver.ts';
import { count } from '../../view-model/number-format.ts';
import { fieldWords } from '../../view-model/topology/words.ts';
import tables from '../tables.module.css';
import styles from './bench.module.css';
import { useBench } from './use-bench.ts';

/** What the stores hold after the step that is looked at. */
export function DriverStores() {
  const stores = useBench((state) => state.run?.stores) ?? [];
  if (stores.length === 0) return null;
  return (
    <section aria-label="Stores">
      <h3>Stores</h3>
      {stores.map((store) => (
        <Store key={store.name} store={store} />
      ))}
    </section>
  );
}

const SHOWN_MAX = 100;

function Store({ store: { name, entries, records } }: { readonly store: StoreListing }) {
  const fields = [...new Set((entries ?? []).flatMap((entry) => Object.keys(entry)))];
  const words =
    records === null
      ? ''
      : records === 0
        ? 'empty'
        : `${count(records)} ${records === 1 ? 'entry' : 'entries'}`;
  return (
    <details className={styles.more} open={entries !== null && entries.length > 0 && entries.length <= 12}>
      <summary>
        <b>{name}</b> {words}
      </summary>
      {entries === null || entries.length === 0 ? (
        <p className={styles.hint}>
          {entries !== null || records === 0
            ? 'It holds nothing.'
            : 'Kafka has no way to list what is in it.'}
        </p>
      ) : (
        <div className={styles.scroll} role="group" aria-label={`Entries of ${name}`} tabIndex={0}>
          <table className={tables.table}>
            <caption className="visually-hidden">Entries of {name}</caption>
            <thead>
              <tr>
                {fields.map((field) => (
                  <th key={field} scope="col">
                    {field === 'ts' ? 'timestamp' : field}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.slice(-SHOWN_MAX).map((entry, i) => (
                <tr key={i}>
                  {fields.map((field, n) =>
                    n === 0 ? (
                      <th key={field} scope="row">
                        {fieldWords(field, entry[field])}
                      </th>
                    ) : (
                      <td key={field}>{entry[field] === undefined ? '' : fieldWords(field, entry[field])}</td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
          {entries.length > SHOWN_MAX ? (
            <p className={styles.hint}>The first {count(entries.length - SHOWN_MAX)} are not listed.</p>
          ) : null}
        </div>
      )}
    </details>
  );
}
