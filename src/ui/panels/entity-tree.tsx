import { useMemo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { useApp, useReadableRun, useSelection } from '../state/binding.ts';
import type { Names } from '../view-model/caption.ts';
import { describe, namesOf } from '../view-model/narration-scene.ts';
import { transactionState } from '../view-model/transaction-table.ts';
import styles from './entity-tree.module.css';
import { entityTitle } from './inspector.tsx';

interface Branch {
  readonly title: string;
  readonly leaves: readonly Entity[];
}

/**
 * The stage in words: the same things with the same selection, for keyboards and screen readers. It is seen while it
 * has the focus, or when it is pinned.
 */
export function EntityTree({ pinned }: { readonly pinned: boolean }) {
  const app = useApp();
  const entities = useReadableRun((state) => state.model.entities);
  const names = useMemo(() => namesOf(entities), [entities]);
  const branches = useMemo(() => branchesOf(entities), [entities]);
  const selected = useSelection((state) => state.selected);
  const [active, setActive] = useState<EntityId | null>(null);
  const tree = useRef<HTMLUListElement>(null);
  const current = selected ?? active ?? branches[0]?.leaves[0]?.id ?? null;

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const id = event.target.dataset.entity;
    if (id === undefined) return;
    setActive(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>('[data-entity]') ?? [])];
    const at = items.indexOf(event.target as HTMLElement);
    const id = items[at]?.dataset.entity;
    if (id === undefined) return;
    const next = event.shiftKey ? undefined : nextItem(event.key, at, items);
    if (next !== undefined) {
      items[next]?.focus();
      const to = items[next]?.dataset.entity;
      if (to !== undefined) app.actions.select(to);
    } else if (event.key === 'Enter') {
      app.actions.select(id);
      app.layout.setState({ inspectorTab: 'state', sheet: 'inspect' });
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const { left, bottom } = (event.target as HTMLElement).getBoundingClientRect();
      app.actions.select(id);
      app.layout.setState({ menu: { id, x: left + 24, y: bottom } });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <nav className={pinned ? styles.pinned : styles.tree} aria-label="Outline of the stage">
      <ul role="tree" aria-label="Everything on the stage" ref={tree} onFocus={onFocus} onKeyDown={onKeyDown}>
        {branches.map(({ title, leaves }) => (
          <li key={title} role="treeitem" aria-expanded="true" aria-selected={false}>
            <span className={styles.title}>{title}</span>
            <ul role="group">
              {leaves.map((entity) => (
                <Leaf
                  key={entity.id}
                  entity={entity}
                  names={names}
                  selected={entity.id === selected}
                  reachable={entity.id === current}
                  onPick={() => app.actions.select(entity.id)}
                />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface LeafProps {
  readonly entity: Entity;
  readonly names: Names;
  readonly selected: boolean;
  readonly reachable: boolean;
  readonly onPick: () => void;
}

function Leaf({ entity, names, selected, reachable, onPick }: LeafProps) {
  return (
    <li
      role="treeitem"
      data-entity={entity.id}
      aria-selected={selected}
      aria-label={describe(entity, names)}
      tabIndex={reachable ? 0 : -1}
      onClick={onPick}
    >
      <span>{entityTitle(entity, names)}</span>
      <span className={styles.state}>{stateWords(entity, names)}</span>
    </li>
  );
}

function stateWords(entity: Entity, names: Names): string {
  if (entity.kind === 'node' && entity.status === 'up')
    return entity.role !== 'controller'
      ? ''
      : entity.controller?.active === false
        ? 'controller'
        : 'active controller';
  if (entity.kind === 'node') return entity.status.toUpperCase();
  if (entity.kind === 'partition') return entity.leader < 0 ? 'OFFLINE' : `B${entity.leader}`;
  if (entity.kind === 'task') return entity.state === 'running' ? names.node(entity.instance) : entity.state;
  if (entity.kind === 'transaction') return transactionState(entity.state);
  if (entity.kind === 'link') return entity.cut ? 'CUT' : 'slow';
  return '';
}

function branchesOf(entities: ReadonlyMap<EntityId, Entity>): readonly Branch[] {
  const all = [...entities.values()];
  const of = (kind: Entity['kind']) => all.filter((entity) => entity.kind === kind);
  const nodes = (role: string) => all.filter((entity) => entity.kind === 'node' && entity.role === role);
  const branches: Branch[] = [
    { title: 'Producers', leaves: of('producer') },
    { title: 'Brokers', leaves: [...nodes('broker'), ...nodes('controller')] },
    ...all.flatMap((topic) =>
      topic.kind === 'topic'
        ? [
            {
              title: `Topic ${topic.name}`,
              leaves: [topic, ...all.filter((p) => p.kind === 'partition' && p.topic === topic.name)],
            },
          ]
        : [],
    ),
    { title: 'Application', leaves: [...of('application'), ...nodes('application'), ...of('task')] },
    { title: 'Transactions', leaves: of('transaction') },
    { title: 'Groups', leaves: [...of('group'), ...nodes('consumer')] },
    { title: 'Links with trouble', leaves: of('link') },
  ];
  return branches.filter(({ leaves }) => leaves.length > 0);
}

function nextItem(key: string, at: number, items: readonly HTMLElement[]): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, items.length - 1);
  if (key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return items.length - 1;
  const branchOf = (index: number) => items[index]?.parentElement;
  if (key === 'ArrowRight') {
    const next = items.findIndex((_, i) => i > at && branchOf(i) !== branchOf(at));
    return next < 0 ? undefined : next;
  }
  if (key !== 'ArrowLeft') return undefined;
  const first = items.findIndex((_, i) => branchOf(i) === branchOf(at));
  return first < at
    ? first
    : Math.max(
        0,
        items.findIndex((_, i) => branchOf(i) === branchOf(first - 1)),
      );
}
