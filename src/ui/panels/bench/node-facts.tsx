import { nodeWords, storeWords } from '../../view-model/topology/words.ts';
import styles from './bench.module.css';
import { useBench } from './use-bench.ts';

/** What the node that was pointed at is, whole names included. */
export function NodeFacts() {
  const figure = useBench((state) => state.drawn?.figure);
  const name = useBench((state) => state.node);
  const node = figure?.parts.flatMap(({ nodes }) => nodes).find((one) => one.name === name);
  if (figure === undefined || node === undefined)
    return <p className={styles.hint}>Choose a node to see what it is.</p>;
  const stores = figure.stores.filter((store) => node.stores.includes(store.name));
  return (
    <div className={styles.node} role="status">
      <p>
        <b>{node.name}</b> {nodeWords(node)}.
      </p>
      {stores.map((store) => (
        <p key={store.name}>{storeWords(store)}.</p>
      ))}
    </div>
  );
}
