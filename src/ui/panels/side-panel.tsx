import { useSelection } from '../state/binding.ts';
import { Guide } from './guide.tsx';
import { Inspector } from './inspector.tsx';

/** The question while nothing is selected, otherwise the inspector. */
export function SidePanel() {
  const selected = useSelection((state) => state.selected);
  return selected === null ? <Guide /> : <Inspector />;
}
