import type { CommandAct } from '../../engine/api/command.ts';
import type { NodeRole } from '../../engine/api/entities/node.ts';
import type { Entity, Ledger } from '../../engine/api/frame.ts';
import { Button } from '../widgets/button.tsx';
import { useApp, useReadableRun, useRun } from '../state/binding.ts';
import type { Entities } from '../state/acts.ts';
import { accountOf, settledName } from '../view-model/ledger-account.ts';
import { count, plural, seconds } from '../view-model/number-format.ts';
import { Readings, type Reading } from './facts.tsx';
import styles from './guide.module.css';
import { useCounts } from './top-bar.tsx';

/** The question of the scenario, its one button, and a few things worth doing. */
export function Guide() {
  const { actions } = useApp();
  const scenario = useRun((state) => state.scenario);
  const playing = useRun((state) => state.status.playing);
  const begun = useRun((state) => state.model.at > 0);
  const entities = useReadableRun((state) => state.model.entities);
  return (
    <div className={styles.guide}>
      <h2 className={styles.question}>{scenario?.question}</h2>
      <Button
        look="primary"
        icon={playing ? 'pause' : 'play'}
        className={begun ? styles.begun : undefined}
        onClick={actions.togglePlay}
      >
        {playing ? 'Pause' : begun ? 'Go on' : 'Let it run'}
      </Button>
      <Watch entities={entities} />
      <h3 className={styles.head}>Break something</h3>
      <ul className={styles.ideas}>
        {ideas(entities).map(({ label, why, icon, act }) => (
          <li key={label}>
            <Button icon={icon} iconSize={18} onClick={() => void actions.act(act)}>
              {label}
            </Button>
            <p>{why}</p>
          </li>
        ))}
      </ul>
      <p className={styles.note}>Select anything on the stage. Undo any act.</p>
    </div>
  );
}

/** The question's own words in numbers, and below them what is still under way. */
function Watch({ entities }: { readonly entities: Entities }) {
  const counts = useCounts();
  const cluster = entities.get('cluster');
  if (cluster?.kind !== 'cluster') return null;
  return (
    <div className={styles.watch}>
      <Readings readings={outcomes(cluster.ledger, counts)} />
      <p className={styles.under}>{underWay(entities)}</p>
    </div>
  );
}

function outcomes(ledger: Ledger, counts: boolean): readonly Reading[] {
  const account = accountOf(ledger, counts);
  const { settled, lost, droppedLate, droppedUnkeyed } = account;
  const never = lost + droppedLate + droppedUnkeyed;
  return [
    { value: count(settled), name: lost > 0 && !counts ? 'kept' : settledName(account, counts) },
    { value: count(ledger.duplicated), name: 'twice', harm: ledger.duplicated > 0 },
    { value: count(never), name: counts ? 'never' : 'lost', harm: lost + droppedLate > 0 },
  ];
}

function underWay(entities: Entities): string {
  const groups = [...entities.values()].filter((entity) => entity.kind === 'group');
  const partitions = groups.flatMap((group) => group.partitions);
  const waiting = partitions.reduce((sum, { lag }) => sum + lag, 0);
  const oldest = Math.max(0, ...partitions.map(({ lagMs }) => lagMs));
  const silent = partitions.filter(({ end }) => end < 0).length;
  const age = oldest === 0 ? '' : `, the oldest for ${seconds(oldest)}`;
  const known =
    waiting === 0
      ? 'Nothing waits to be read'
      : `${count(waiting)} ${groups.some(({ share }) => share) ? 'not acknowledged' : 'not read'} yet${age}`;
  return silent === 0 ? `${known}.` : `${known}; ${plural(silent, 'partition')} without an answer.`;
}

interface Idea {
  readonly label: string;
  readonly why: string;
  readonly icon: 'kill' | 'halt' | 'cut' | 'restart';
  readonly act: CommandAct;
}

/** What a machine has when it starts again. */
const AGAIN: Readonly<Record<NodeRole, string>> = {
  broker: 'It has its disk, and much to catch up on.',
  controller: 'It has its log, and may vote again.',
  application: 'It has its disk, and joins its group anew.',
  consumer: 'It remembers nothing, and joins its group anew.',
  producer: 'It goes on at the first row whose fate it does not know.',
};

/** At most three, chosen from what is up; what is down is offered to start again. */
function ideas(entities: Entities): readonly Idea[] {
  const nodes = [...entities.values()].filter((entity) => entity.kind === 'node');
  const up = (role: string) => nodes.filter((node) => node.role === role && node.status === 'up');
  const found: Idea[] = [];
  const dead = nodes.find((node) => node.status === 'down');
  if (dead !== undefined)
    found.push({
      label: `Start ${dead.label} again`,
      why: AGAIN[dead.role],
      icon: 'restart',
      act: { type: 'start', node: dead.id },
    });
  const broker = victim(entities, up('broker'));
  if (broker !== undefined)
    found.push({
      label: `Crash ${broker.label}`,
      why: 'Nobody knows until its session runs out.',
      icon: 'kill',
      act: { type: 'crash', node: broker.id },
    });
  const instance = up('application').at(-1);
  if (instance !== undefined)
    found.push({
      label: `Pause ${instance.label}`,
      why: 'Like a long garbage collection.',
      icon: 'halt',
      act: { type: 'pause', node: instance.id },
    });
  const [a, , b] = up('broker');
  if (a !== undefined && b !== undefined)
    found.push({
      label: `Cut ${a.label} from ${b.label}`,
      why: 'Both live; neither copies from the other.',
      icon: 'cut',
      act: { type: 'cut-link', a: a.id, b: b.id },
    });
  return found.slice(0, 3);
}

/** The second broker, as long as it leads something; else the one that leads most. */
function victim(entities: Entities, brokers: readonly (Entity & { readonly kind: 'node' })[]) {
  const leads = (node: (typeof brokers)[number]) => node.broker?.leads ?? 0;
  const second = entities.get('b2');
  if (second?.kind === 'node' && second.status === 'up' && leads(second) > 0) return second;
  return [...brokers].sort((x, y) => leads(y) - leads(x))[0];
}
