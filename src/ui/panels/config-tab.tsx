import { useMemo, useState } from 'react';
import type { Entity } from '../../engine/api/frame.ts';
import { useReadableRun } from '../state/binding.ts';
import { detailKey } from '../state/run-model.ts';
import { configLines, isChanged } from '../view-model/config-table.ts';
import { ConfigEntry } from './config-entry.tsx';
import styles from './config-tab.module.css';
import { Empty } from './facts.tsx';
import { KeysNotModelled } from './keys-not-modelled.tsx';
import { useNames } from './use-names.ts';
import { configOwner } from './watcher.tsx';

/** Every key that the selection's process honours: value, unit, default; a click changes it. */
export function ConfigTab({ entity }: { readonly entity: Entity }) {
  const owner = useReadableRun((state) => configOwner(state.model.entities, entity.id));
  const detail = useReadableRun((state) =>
    owner === null ? undefined : state.model.details.get(detailKey({ id: owner, what: 'config' })),
  );
  const [search, setSearch] = useState('');
  const [changedOnly, setChangedOnly] = useState(false);
  const names = useNames();
  const rows = detail?.what === 'config' ? detail.rows : null;
  const lines = useMemo(
    () => (rows === null ? [] : configLines(rows, search, changedOnly)),
    [rows, search, changedOnly],
  );
  if (owner === null)
    return <Empty>It has no configuration of its own. Brokers, topics, groups and clients have.</Empty>;
  if (rows === null) return <Empty>The configuration is being read.</Empty>;
  const changes = rows.filter(isChanged).length;
  return (
    <div className={styles.tab}>
      {owner === entity.id ? null : (
        <p className={styles.owner}>Configuration of {ownerName(owner, names.node)}</p>
      )}
      <div className={styles.filter}>
        <input
          type="search"
          placeholder="Find a key"
          aria-label="Find a key"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <label>
          <input
            type="checkbox"
            checked={changedOnly}
            onChange={(event) => setChangedOnly(event.target.checked)}
          />
          changed, {changes}
        </label>
      </div>
      <ul aria-label="Configuration">
        {lines.map((line) => (
          <ConfigEntry key={line.key} line={line} owner={owner} />
        ))}
      </ul>
      {lines.length === 0 ? (
        <Empty>{changedOnly ? 'Everything is at its default.' : `No key has “${search}” in it.`}</Empty>
      ) : null}
      {detail?.what === 'config' && detail.set !== null ? <KeysNotModelled set={detail.set} /> : null}
    </div>
  );
}

const ownerName = (owner: string, nodeName: (id: string) => string): string =>
  owner.startsWith('topic:') ? `topic ${owner.slice(6)}` : nodeName(owner);
