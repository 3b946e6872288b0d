import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useApp, useLayout, useTimeline, useSelection } from '../state/binding.ts';
import type { SheetTab } from '../state/view-stores.ts';
import { CaptionLine } from '../panels/caption-line.tsx';
import { EntityTree } from '../panels/entity-tree.tsx';
import { Guide } from '../panels/guide.tsx';
import { Inspector } from '../panels/inspector.tsx';
import { Rail } from '../panels/rail.tsx';
import { SidePanel } from '../panels/side-panel.tsx';
import { StageBar } from '../panels/stage-bar.tsx';
import { StagePanel } from '../panels/stage-panel.tsx';
import { TopBar } from '../panels/top-bar.tsx';
import { SheetTime } from '../timeline/sheet-time.tsx';
import { TimePanel } from '../timeline/time-panel.tsx';
import { Tabs, TabPanel } from '../widgets/tabs.tsx';
import { useMedia } from '../widgets/use-media.ts';
import type { Desk } from './desk.ts';
import styles from './shell.module.css';

const Evidence = lazy(() => import('../panels/evidence.tsx').then((m) => ({ default: m.Evidence })));
const Bench = lazy(() => import('../panels/bench/bench.tsx').then((m) => ({ default: m.Bench })));
const NarrationLog = lazy(() =>
  import('../panels/narration-log.tsx').then((m) => ({ default: m.NarrationLog })),
);

const PHONE = '(max-width: 640px)';

interface ShellProps {
  readonly desk: Desk;
}

/** The laboratory: bar, rail, stage, side, caption, timeline. Nothing in it moves when numbers change. */
export function Shell({ desk }: ShellProps) {
  const phone = useMedia(PHONE);
  const evidence = useLayout((state) => state.evidence) && !phone;
  const selected = useSelection((state) => state.selected !== null);
  const bench = useLayout((state) => state.bench !== null);
  const side = (useLayout((state) => state.guide) && !bench) || selected;
  const outline = useLayout((state) => state.outline);
  const tall = useTimeline((state) => state.tall);
  const { layout } = useApp();
  const classes = [
    styles.shell,
    evidence ? styles.evidence : tall ? styles.tall : '',
    side ? styles.open : '',
    bench ? styles.benched : '',
  ];
  return (
    <div className={classes.join(' ')}>
      <div className={styles.bar}>
        <TopBar {...desk} />
      </div>
      <div className={styles.rail}>
        <Rail outline={outline} onOutline={(open) => layout.setState({ outline: open })} />
      </div>
      <main className={styles.stage} aria-label={bench ? 'Bench' : 'Stage'}>
        {bench ? (
          <Later>
            <Bench doors={desk} />
          </Later>
        ) : (
          <Stage />
        )}
      </main>
      <div className={styles.caption}>
        <CaptionLine />
      </div>
      {phone ? (
        <Sheet desk={desk} />
      ) : (
        <aside className={styles.side} aria-label={selected ? 'Inspector' : 'Guide'}>
          <SidePanel />
        </aside>
      )}
      <div className={styles.time}>
        <TimePanel
          evidence={
            phone ? null : (
              <Later>
                <Evidence doors={desk} />
              </Later>
            )
          }
        />
      </div>
    </div>
  );
}

/** The picture of the run, its outline in words beside it. */
function Stage() {
  const narration = useLayout((state) => state.narration);
  const outline = useLayout((state) => state.outline);
  return (
    <>
      <EntityTree pinned={outline} />
      <div className={styles.picture}>
        <StageBar />
        <StagePanel />
        {narration ? (
          <div className={styles.narration}>
            <Later>
              <NarrationLog />
            </Later>
          </div>
        ) : null}
      </div>
    </>
  );
}

const Later = ({ children }: { readonly children: ReactNode }) => (
  <Suspense fallback={null}>{children}</Suspense>
);

const SHEETS: readonly { readonly id: SheetTab; readonly label: string }[] = [
  { id: 'guide', label: 'Guide' },
  { id: 'inspect', label: 'Inspect' },
  { id: 'time', label: 'Time' },
  { id: 'evidence', label: 'Evidence' },
];

/** On a phone everything beside the stage stands in one sheet, which can be made taller. */
function Sheet({ desk }: ShellProps) {
  const { layout } = useApp();
  const tab = useLayout((state) => state.sheet);
  const selected = useSelection((state) => state.selected);
  const [tall, setTall] = useState(false);
  return (
    <aside className={tall ? styles.tallSheet : styles.sheet} aria-label="Sheet">
      <div className={styles.sheetHead}>
        <Tabs
          label="Sheet"
          name="sheet"
          tabs={SHEETS}
          value={tab}
          onChange={(sheet) => layout.setState({ sheet })}
        />
        <button
          type="button"
          className={styles.grip}
          aria-expanded={tall}
          aria-label={tall ? 'Lower the sheet' : 'Raise the sheet'}
          onClick={() => setTall(!tall)}
        >
          <span />
        </button>
      </div>
      <TabPanel name="sheet" value={tab} className={styles.sheetBody}>
        {tab === 'guide' ? <Guide /> : null}
        {tab === 'inspect' ? selected === null ? <NothingSelected /> : <Inspector /> : null}
        {tab === 'time' ? <SheetTime /> : null}
        {tab === 'evidence' ? (
          <Later>
            <Evidence doors={desk} />
          </Later>
        ) : null}
      </TabPanel>
    </aside>
  );
}

const NothingSelected = () => (
  <p className={styles.nothing}>
    Touch anything on the stage: its state, its settings and what can be done to it stand here.
  </p>
);
