import type { TopologyFigure } from '../../../engine/api/topology-driver.ts';
import { nodeWords, partTitle, storeWords } from '../../view-model/topology/words.ts';
import styles from './bench.module.css';

/** The picture as a list. */
export function TopologyWords({ figure }: { readonly figure: TopologyFigure }) {
  const stores = new Map(figure.stores.map((store) => [store.name, store]));
  return (
    <div className={styles.words}>
      {figure.parts.map((part) => (
        <section key={part.id}>
          <h3>{partTitle(part)}</h3>
          <ul>
            {part.nodes.map((node) => (
              <li key={node.name}>
                <b>{node.name}</b> {nodeWords(node)}
              </li>
            ))}
            {[...new Set(part.nodes.flatMap((node) => node.stores))].map((name) => {
              const store = stores.get(name);
              return store === undefined ? null : <li key={name}>{storeWords(store)}</li>;
            })}
          </ul>
        </section>
      ))}
      {figure.repartitionTopics.length === 0 ? null : (
        <section>
          <h3>Repartition topics</h3>
          <ul>
            {figure.repartitionTopics.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
