import { useStore } from 'zustand';
import type { Result } from '../../engine/base/result.ts';
import { Banner } from '../widgets/banner.tsx';
import { Button } from '../widgets/button.tsx';
import { useApp, useLayout, useRun } from '../state/binding.ts';
import { moment } from '../view-model/number-format.ts';
import { WantedFile } from './wanted-file.tsx';
import styles from './banners.module.css';

interface BannersDesk {
  readonly copyLink: () => void;
  readonly openWanted: (file: File) => Promise<Result<void, string>>;
}

/** Everything that went wrong, as plain sentences. Nothing here ever takes away what the person had. */
export function Banners({ desk }: { readonly desk: BannersDesk }) {
  const { actions, notices } = useApp();
  const sentence = useStore(notices, (state) => state.sentence);
  const trouble = useStore(notices, (state) => state.trouble);
  const place = useLayout((state) => state.place);
  const wanted = useStore(notices, (state) => state.wanted);
  const bug = useRun((state) => state.status.bug);
  if (sentence === null && trouble === null && wanted === null && bug === null) return null;
  const copy = (
    <Button look="link" onClick={desk.copyLink}>
      Copy the state link
    </Button>
  );
  return (
    <div className={`${styles.banners} ${place === 'question' ? styles.first : ''}`}>
      {bug === null ? null : (
        <Banner look="bad" title="Simulator bug, not a lesson about Kafka.">
          {bug.message} The run is frozen at {moment(bug.at)}, event {bug.eventCount}, seed {bug.seed}. {copy}
        </Banner>
      )}
      {trouble === 'lost' ? (
        <Banner look="warn" title="The simulation stopped answering.">
          It is being started again where it was.
        </Banner>
      ) : null}
      {trouble === 'restored' ? (
        <Banner look="plain" onClose={() => notices.setState({ trouble: null })}>
          The simulation was lost and is back at the same moment. Nothing you did is gone.
        </Banner>
      ) : null}
      {trouble === 'given up' ? (
        <Banner look="bad" title="The simulation stops again and again.">
          Reload the page to try once more; your scenario and acts are kept. {copy}
        </Banner>
      ) : null}
      {wanted === null ? null : <WantedFile wanted={wanted} onFile={desk.openWanted} />}
      {sentence === null ? null : (
        <Banner look="plain" onClose={() => actions.say(null)}>
          {sentence}
        </Banner>
      )}
    </div>
  );
}
