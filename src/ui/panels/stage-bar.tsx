import { Segmented } from '../widgets/segmented.tsx';
import { useApp, useRun, useSelection } from '../state/binding.ts';
import styles from './stage-bar.module.css';

/** Which rung of the ladder the stage stands on, and on the partition rung which partition. */
export function StageBar() {
  const { selection } = useApp();
  const rung = useSelection((state) => state.rung);
  return (
    <div className={styles.bar}>
      <Segmented
        label="Rung"
        choices={[
          { value: 'partition', label: '2 Partition' },
          { value: 'topology', label: '3 Topology' },
        ]}
        value={rung}
        onChange={(value) => selection.setState({ rung: value })}
      />
      {rung === 'partition' ? <PartitionChoice /> : null}
    </div>
  );
}

function PartitionChoice() {
  const { selection } = useApp();
  const focus = useSelection((state) => state.focusPartition);
  const ids = useRun((state) => partitionIds(state.model.entities));
  const all = ids === '' ? [] : ids.split(' ');
  return (
    <label className={styles.choice}>
      <span className="visually-hidden">Partition</span>
      <select
        value={focus ?? all[0] ?? ''}
        onChange={(event) => selection.setState({ focusPartition: event.target.value })}
      >
        {all.map((id) => (
          <option key={id} value={id}>
            {id.slice('partition:'.length)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** As one string, so that the list is drawn again only when it changes. */
function partitionIds(entities: ReadonlyMap<string, { readonly kind: string; readonly id: string }>): string {
  const ids: string[] = [];
  for (const entity of entities.values()) if (entity.kind === 'partition') ids.push(entity.id);
  return ids.join(' ');
}
