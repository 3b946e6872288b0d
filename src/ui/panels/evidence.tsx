import { lazy, Suspense } from 'react';
import { Button } from '../widgets/button.tsx';
import { TabPanel, Tabs } from '../widgets/tabs.tsx';
import { useApp, useLayout } from '../state/binding.ts';
import type { SearchDoors } from '../state/search.ts';
import type { EvidenceTab } from '../state/view-stores.ts';
import { EventsEvidence } from './evidence-events.tsx';
import { GroupsEvidence } from './evidence-groups.tsx';
import { LagEvidence } from './evidence-lag.tsx';
import { LedgerEvidence } from './evidence-ledger.tsx';
import { PartitionsEvidence } from './evidence-partitions.tsx';
import { QueriesEvidence } from './evidence-queries.tsx';
import { QuorumEvidence } from './evidence-quorum.tsx';
import { WindowsEvidence } from './evidence-windows.tsx';
import styles from './evidence.module.css';

const SearchEvidence = lazy(() =>
  import('./search/evidence-search.tsx').then((m) => ({ default: m.SearchEvidence })),
);

const TABS: readonly { readonly id: EvidenceTab; readonly label: string }[] = [
  { id: 'ledger', label: 'Ledger' },
  { id: 'partitions', label: 'Replicas' },
  { id: 'lag', label: 'Lag' },
  { id: 'groups', label: 'Groups' },
  { id: 'windows', label: 'Windows' },
  { id: 'queries', label: 'Queries' },
  { id: 'quorum', label: 'Quorum' },
  { id: 'events', label: 'Events' },
  { id: 'search', label: 'Search' },
];

/** The numbers behind the picture. */
export function Evidence({ doors }: { readonly doors: SearchDoors }) {
  const { layout } = useApp();
  const tab = useLayout((state) => state.evidenceTab);
  return (
    <section className={styles.evidence} aria-label="Evidence in numbers">
      <h2 className="visually-hidden">Evidence</h2>
      <div className={styles.head}>
        <Tabs
          label="Evidence"
          name="evidence"
          tabs={TABS}
          value={tab}
          onChange={(evidenceTab) => layout.setState({ evidenceTab })}
        />
        <Button
          look="plain"
          icon="close"
          iconSize={18}
          bare
          aria-label="Close the evidence"
          onClick={() => layout.setState({ evidence: false, sheet: 'guide' })}
        />
      </div>
      <TabPanel name="evidence" value={tab} className={styles.body}>
        <Content tab={tab} doors={doors} />
      </TabPanel>
    </section>
  );
}

function Content({ tab, doors }: { readonly tab: EvidenceTab; readonly doors: SearchDoors }) {
  switch (tab) {
    case 'ledger':
      return <LedgerEvidence />;
    case 'partitions':
      return <PartitionsEvidence />;
    case 'lag':
      return <LagEvidence />;
    case 'groups':
      return <GroupsEvidence />;
    case 'quorum':
      return <QuorumEvidence />;
    case 'windows':
      return <WindowsEvidence />;
    case 'queries':
      return <QueriesEvidence />;
    case 'events':
      return <EventsEvidence />;
    case 'search':
      return (
        <Suspense fallback={null}>
          <SearchEvidence doors={doors} />
        </Suspense>
      );
  }
}
