import type { IconName } from '../theme/icon-paths.ts';
import { Icon } from '../widgets/icon.tsx';
import { useApp, useLayout, useSelection } from '../state/binding.ts';
import type { EvidenceTab } from '../state/view-stores.ts';
import styles from './rail.module.css';

const EVIDENCE: readonly { readonly tab: EvidenceTab; readonly label: string; readonly icon: IconName }[] = [
  { tab: 'ledger', label: 'Ledger', icon: 'ledger' },
  { tab: 'partitions', label: 'Replicas', icon: 'flag' },
  { tab: 'lag', label: 'Lag', icon: 'metrics' },
  { tab: 'windows', label: 'Windows', icon: 'clock' },
  { tab: 'events', label: 'Events', icon: 'events' },
];

interface RailProps {
  readonly outline: boolean;
  readonly onOutline: (open: boolean) => void;
}

/** Doors to what is not on the stage. */
export function Rail({ outline, onOutline }: RailProps) {
  const { actions, layout } = useApp();
  const open = useLayout((state) => (state.evidence ? state.evidenceTab : null));
  const selected = useSelection((state) => state.selected !== null);
  const guide = useLayout((state) => state.guide) && !selected;
  const openGuide = () => {
    layout.setState({ guide: !guide });
    actions.select(null);
  };
  return (
    <nav className={styles.rail} aria-label="Panels">
      <div className={styles.folded}>
        <RailButton label="Guide" icon="guide" open={guide} onClick={openGuide} />
      </div>
      <RailButton label="Outline" icon="inspect" open={outline} onClick={() => onOutline(!outline)} />
      {EVIDENCE.map(({ tab, label, icon }) => (
        <RailButton
          key={tab}
          label={label}
          icon={icon}
          open={open === tab}
          onClick={() => layout.setState({ evidence: open !== tab, evidenceTab: tab })}
        />
      ))}
    </nav>
  );
}

interface RailButtonProps {
  readonly label: string;
  readonly icon: IconName;
  readonly open: boolean;
  readonly onClick: () => void;
}

const RailButton = ({ label, icon, open, onClick }: RailButtonProps) => (
  <button type="button" aria-expanded={open} onClick={onClick}>
    <Icon name={icon} />
    {label}
  </button>
);
