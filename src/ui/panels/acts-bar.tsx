import type { MouseEvent } from 'react';
import type { EntityId } from '../../engine/api/frame.ts';
import { Button } from '../widgets/button.tsx';
import { useApp, useReadableRun } from '../state/binding.ts';
import { actsOn, machineOf, type Act } from '../state/acts.ts';
import styles from './acts-bar.module.css';
import { entityTitle } from './inspector.tsx';
import { useNames } from './use-names.ts';

/** The first acts are buttons, the rest stands in the menu; fewer when they have to name their machine. */
const BUTTONS = 3;

/** What can be done to the selection, at the foot of the inspector. */
export function ActsBar({ id }: { readonly id: EntityId }) {
  const { actions, layout } = useApp();
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const acts = actsOn(entities, id);
  if (acts.length === 0) return null;
  const machine = machineOf(entities, id);
  const entity = entities.get(id);
  const onto = machine === null || machine.id === id ? '' : ` ${machine.label}`;
  const openMenu = (event: MouseEvent, asks?: Act['asks']) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    layout.setState({ menu: { id, x: left, y: top - 4, above: true, ...(asks !== undefined && { asks }) } });
  };
  const run = (event: MouseEvent, act: Act) => {
    if (act.act === undefined) openMenu(event, act.asks);
    else void actions.act(act.act);
  };
  const chosen = pick(acts).slice(0, onto === '' ? BUTTONS : BUTTONS - 1);
  return (
    <div className={styles.acts} role="group" aria-label={`Acts on ${titleOf()}`}>
      {chosen.map((act) => (
        <Button
          key={act.id}
          icon={act.icon}
          iconSize={18}
          aria-label={`${act.label}${onto}`}
          title={act.meaning}
          onClick={(e) => run(e, act)}
        >
          {act.short}
          {act.act === undefined ? '' : onto}
        </Button>
      ))}
      <Button
        icon="more"
        iconSize={18}
        bare
        aria-label="More acts"
        aria-haspopup="menu"
        onClick={(event) => openMenu(event)}
      />
    </div>
  );

  function titleOf(): string {
    return machine?.label ?? (entity === undefined ? id : entityTitle(entity, names));
  }
}

/** What begins or ends its life, what stops it for a while, and what cuts it off. */
const pick = (acts: readonly Act[]): readonly Act[] =>
  acts.filter((act) => !/^shut-down$|^power-off$|-log-dir-|-stream-thread$/.test(act.id));
