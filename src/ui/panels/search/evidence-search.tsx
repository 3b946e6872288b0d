import { useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { GOAL_IDS, GOALS, type GoalId } from '../../../engine/api/search.ts';
import { FAULT_KINDS, WEATHERS } from '../../../engine/api/weather.ts';
import { useApp } from '../../state/binding.ts';
import {
  searchOf,
  type Search,
  type SearchDoors,
  type SearchState,
  type SearchWish,
  type SeedLine,
} from '../../state/search.ts';
import { count, moment, plural } from '../../view-model/number-format.ts';
import { coverageWords, FAULT_WORDS, noneFound, storyOf } from '../../view-model/search-words.ts';
import { Button } from '../../widgets/button.tsx';
import { useNames } from '../use-names.ts';
import styles from './search.module.css';

/** Looks for a seed that does harm to the present scenario, and opens it. */
export function SearchEvidence({ doors }: { readonly doors: SearchDoors }) {
  const search = searchOf(useApp(), doors);
  const state = useStore(search.store);
  return (
    <div className={styles.search}>
      <Form search={search} state={state} />
      {state.problem === null ? null : (
        <p className={styles.problem} role="alert">
          {state.problem}
        </p>
      )}
      {state.phase === 'idle' ? <Intro /> : <Results search={search} state={state} />}
    </div>
  );
}

const Intro = () => (
  <p className={styles.note}>
    The scenario as it is, with its acts, is run again under other seeds, in workers beside this page, with
    faults after the weather. The first run that shows what is looked for is shrunk to what is needed for it.
  </p>
);

interface PartProps {
  readonly search: Search;
  readonly state: SearchState;
}

const isBusy = ({ phase }: SearchState): boolean => phase === 'searching' || phase === 'shrinking';

const SEEDS_MAX = 100_000;

/** Why there can be no such search, in one sentence. */
function wrongIn(seeds: string, { weather, kinds }: SearchWish): string | null {
  if (!/^\d{1,6}$/.test(seeds) || Number(seeds) < 1 || Number(seeds) > SEEDS_MAX)
    return `A search has from 1 to ${count(SEEDS_MAX)} runs, not “${seeds}”.`;
  return weather === 'own' && kinds.length === 0
    ? 'A weather of one’s own has at least one kind of faults.'
    : null;
}

function Form({ search, state }: PartProps) {
  const { wish } = state;
  const busy = isBusy(state);
  const [seeds, setSeeds] = useState(String(wish.seeds));
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) {
      search.stop();
      return;
    }
    const wrong = wrongIn(seeds, wish);
    setError(wrong);
    if (wrong !== null) return;
    search.wish({ seeds: Number(seeds) });
    void search.begin();
  };
  return (
    <form
      className={styles.form}
      aria-label="Search for harm"
      onSubmit={submit}
      onKeyDown={(event) => event.stopPropagation()}
      noValidate
    >
      <WhatIsSought search={search} state={state} />
      <label>
        runs
        <input
          inputMode="numeric"
          value={seeds}
          disabled={busy}
          size={6}
          onChange={({ target }) => setSeeds(target.value)}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={wish.stopAtFirst}
          disabled={busy}
          onChange={({ target }) => search.wish({ stopAtFirst: target.checked })}
        />
        end with the first and shrink it
      </label>
      <Button type="submit">{busy ? 'Stop' : 'Search'}</Button>
      {wish.weather === 'own' ? <OwnWeather search={search} state={state} /> : null}
      {error === null ? null : (
        <p className={styles.problem} role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

/** The goal and the weather. */
function WhatIsSought({ search, state }: PartProps) {
  const { wish } = state;
  const busy = isBusy(state);
  return (
    <>
      <label>
        find a run in which
        <select
          value={wish.goal ?? ''}
          disabled={busy}
          onChange={({ target }) =>
            search.wish({ goal: target.value === '' ? null : (target.value as GoalId) })
          }
        >
          <option value="">any of this comes about</option>
          {GOAL_IDS.map((id) => (
            <option key={id} value={id}>
              {GOALS[id]}
            </option>
          ))}
        </select>
      </label>
      <label>
        weather
        <select
          value={wish.weather}
          disabled={busy}
          onChange={({ target }) => search.wish({ weather: target.value })}
        >
          {WEATHERS.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="own">Own</option>
        </select>
      </label>
    </>
  );
}

function OwnWeather({ search, state }: PartProps) {
  const { kinds, most } = state.wish;
  const busy = isBusy(state);
  return (
    <fieldset className={styles.own} disabled={busy}>
      <legend>what may go wrong</legend>
      {FAULT_KINDS.map((kind) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={kinds.includes(kind)}
            onChange={({ target }) =>
              search.wish({
                kinds: FAULT_KINDS.filter((one) => (one === kind ? target.checked : kinds.includes(one))),
              })
            }
          />
          {FAULT_WORDS[kind]}
        </label>
      ))}
      <label>
        at most
        <select value={most} onChange={({ target }) => search.wish({ most: Number(target.value) })}>
          {[1, 2, 3, 5, 8, 12].map((n) => (
            <option key={n} value={n}>
              {plural(n, 'fault')}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}

function Results({ search, state }: PartProps) {
  const { lines, reached, found, phase, wish, rate, workers, name } = state;
  const harm = lines.filter(({ verdict }) => verdict === 'found').length;
  const broken = lines.filter(({ verdict }) => verdict === 'broken' || verdict === 'none');
  const coverage = useMemo(() => coverageWords(reached), [reached]);
  return (
    <>
      <p className={styles.progress} role="status">
        {name}: {count(lines.length)} of {plural(wish.seeds, 'run')}, {rate.toFixed(1)} a second on{' '}
        {plural(workers, 'worker')}. {count(harm)} with what is looked for. {PHASE_WORDS[phase]}
      </p>
      {found === null && phase === 'done' ? <p>{noneFound(lines.length)}</p> : null}
      {found === null ? null : <Found search={search} state={state} />}
      {broken.length === 0 ? null : (
        <p className={styles.problem} role="alert">
          Seed {broken[0]?.seed} shows a defect of the simulator, not of Kafka: {broken[0]?.sentence}
        </p>
      )}
      <Seeds search={search} lines={lines} />
      <dl className={styles.coverage}>
        <div>
          <dt>came about</dt>
          <dd>{coverage.reached === '' ? 'nothing yet' : coverage.reached}</dd>
        </div>
        <div>
          <dt>never</dt>
          <dd>{coverage.never === '' ? 'nothing of what is watched for' : coverage.never}</dd>
        </div>
      </dl>
    </>
  );
}

const PHASE_WORDS: Readonly<Record<SearchState['phase'], string>> = {
  idle: '',
  searching: '',
  shrinking: 'It is being shrunk.',
  done: 'Done.',
  stopped: 'Stopped.',
};

function Found({ search, state }: PartProps) {
  const names = useNames();
  const { found, least, lines } = state;
  if (found === null) return null;
  const line = lines.find(({ seed }) => seed === found.seed);
  return (
    <section className={styles.found} aria-label="What was found">
      <h3>Seed {found.seed}</h3>
      {storyOf(least ?? found, names).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="quiet">
        {least === null
          ? `As it was found, with ${plural(found.scenario.commands.length, 'act')}.`
          : `Shrunk from ${plural(found.scenario.commands.length, 'act')} by ${plural(least.runs, 'run')}${least.isLeast ? '' : ', until 30 s were over'}.`}
      </p>
      <p className={styles.buttons}>
        {least === null ? null : <Button onClick={() => void search.openLeast()}>Open the shrunk run</Button>}
        {line === undefined ? null : (
          <Button onClick={() => void search.openSeed(line)}>Open it as it was found</Button>
        )}
        {state.isAway ? (
          <Button onClick={() => void search.goHome()}>Back to where the search began</Button>
        ) : null}
      </p>
    </section>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };
/** More seeds are not shown one by one. */
const SHOWN_MAX = 600;

/** One mark for each run; a click opens it. Arrow keys go from one to the next. */
function Seeds({ search, lines }: { readonly search: Search; readonly lines: readonly SeedLine[] }) {
  const [at, setAt] = useState(0);
  const group = useRef<HTMLDivElement>(null);
  const shown = lines.slice(-SHOWN_MAX);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(shown.length - 1, at + by));
    setAt(next);
    group.current?.querySelectorAll('button')[next]?.focus();
  };
  if (shown.length === 0) return null;
  return (
    <div className={styles.seeds} role="group" aria-label="Runs" ref={group} onKeyDown={onKeyDown}>
      {shown.map((line, i) => (
        <button
          key={line.seed}
          type="button"
          className={styles[line.verdict]}
          tabIndex={i === Math.min(at, shown.length - 1) ? 0 : -1}
          title={titleOf(line)}
          aria-label={titleOf(line)}
          onClick={() => void search.openSeed(line)}
        >
          {MARKS[line.verdict]}
        </button>
      ))}
    </div>
  );
}

const MARKS: Readonly<Record<SeedLine['verdict'], string>> = {
  right: '·',
  found: '×',
  broken: '!',
  none: '?',
};

const titleOf = ({ seed, verdict, at, sentence }: SeedLine): string =>
  verdict === 'found' ? `Seed ${seed}, at ${moment(at)}: ${sentence}` : `Seed ${seed}: ${sentence}`;
