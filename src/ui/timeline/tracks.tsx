import { useMemo, useRef } from 'react';
import { Button } from '../widgets/button.tsx';
import { plural } from '../view-model/number-format.ts';
import { useApp, useReadableRun, useRun, useSelection, useTimeline } from '../state/binding.ts';
import { useSize } from '../widgets/use-size.ts';
import type { Entity } from '../../engine/api/frame.ts';
import type { Names } from '../view-model/caption.ts';
import { namesOf } from '../view-model/narration-scene.ts';
import {
  faultSpans,
  leaderSpans,
  spanRows,
  trackedPartitions,
  waitingCurves,
  waitingPlaces,
  type Curve,
  type Span,
} from '../view-model/timeline-tracks.ts';
import {
  chosenTracks,
  pickedTransaction,
  transactionTracks,
  type TransactionTrack as Transactions,
} from '../view-model/transaction-tracks.ts';
import { CurveTrack } from './curve-track.tsx';
import { Scrubber } from './scrubber.tsx';
import { SPAN_PITCH, SpanTrack } from './span-track.tsx';
import { ticketRows, type PlacedTicket } from './ticket-rows.ts';
import { TICKET_PITCH, Tickets } from './tickets.tsx';
import { TrackName } from './track-name.tsx';
import { Ruler, RULER_HEIGHT } from './ruler.tsx';
import styles from './tracks.module.css';
import { TransactionTrack } from './transaction-track.tsx';
import type { Scale } from './scale.ts';
import { useScale } from './use-scale.ts';
import { useWheel } from './use-wheel.ts';

/** Heights of the rows. */
const ACTS = 32;
const SPANS = 24;
/** Tickets and faults of one moment stand in at most so many rows. */
const ROWS_MOST = 3;
/** Of so many transactional ids at most there is a track, and of so many curves there is one before a further id's. */
const TRANSACTIONAL_MOST = 3;
const CURVES_FIRST = 2;
/** Of the line that says how many tracks there is no room for. */
const MORE = 28;

/** Time from left to right: what a person did, what was broken, who led, and where records waited. */
export function Tracks({ slim }: { readonly slim: boolean }) {
  const { run } = useApp();
  const tall = useTimeline((state) => state.tall);
  const host = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(host);
  const scale = useScale(width);
  const tracks = useTrackData();
  useWheel(host, scale, run);
  const commands = useRun((state) => state.status.commands);
  const tickets = ticketRows(commands, { scale, names: tracks.names, most: slim ? 1 : ROWS_MOST });
  const acts = ACTS + Math.max(0, ...tickets.map(({ row }) => row)) * TICKET_PITCH;
  const rows = fitted(tracks, height, { acts, tall });
  const end = slim ? RULER_HEIGHT + ACTS : rows.bottom;
  return (
    <div className={styles.tracks} ref={host}>
      {width === 0 ? null : (
        <>
          <svg className={styles.drawing} width={width} height={end} aria-hidden="true">
            <Ruler scale={scale} height={end} ticketsEnd={lastEnd(tickets)} />
            <TrackName name="acts" left={scale.left} y={RULER_HEIGHT + ACTS / 2 + 5} />
            <line className={styles.rule} x2={width} y1={rows.faults} y2={rows.faults} />
            {slim ? null : <Rows tracks={tracks} rows={rows} scale={scale} />}
          </svg>
          <Scrubber scale={scale} height={end} />
          {slim || (rows.hidden === 0 && !tall) ? null : <More hidden={rows.hidden} tall={tall} />}
          <Tickets scale={scale} placed={tickets} names={tracks.names} top={RULER_HEIGHT + 4} />
        </>
      )}
    </div>
  );
}

/** Where the last ticket of the first row ends, in pixels. */
const lastEnd = (tickets: readonly PlacedTicket[]): number =>
  Math.max(0, ...tickets.filter(({ row }) => row === 0).map(({ end }) => end));

/** What there is no room for is said, and given room when it is asked for. */
function More({ hidden, tall }: { readonly hidden: number; readonly tall: boolean }) {
  const { timeline } = useApp();
  return (
    <div className={styles.more}>
      <Button look="link" aria-expanded={tall} onClick={() => timeline.setState({ tall: !tall })}>
        {tall ? 'Fewer tracks' : plural(hidden, 'more track')}
      </Button>
    </div>
  );
}

interface RowsProps {
  readonly tracks: TrackData;
  readonly rows: ReturnType<typeof rowsOf>;
  readonly scale: Scale;
}

/** What was broken, who led, what became of transactions, and where records waited. */
const Rows = ({ tracks, rows, scale }: RowsProps) => (
  <>
    <SpanTrack
      name="faults"
      rows={tracks.faultRows}
      scale={scale}
      y={rows.faults}
      height={rows.leaders - rows.faults}
    />
    {tracks.leaders === null ? null : (
      <SpanTrack
        name={leaderName(tracks.leaders.partition)}
        rows={[tracks.leaders.spans]}
        scale={scale}
        y={rows.leaders}
        height={SPANS}
      />
    )}
    {chosenTracks(tracks.transactions, tracks.picked, rows.transactional).map((track, index) => (
      <TransactionTrack
        key={track.name}
        track={track}
        name={tracks.names.transaction?.(track.name) ?? track.name}
        scale={scale}
        y={rows.transactions + index * SPANS}
        height={SPANS}
      />
    ))}
    {withRoom(tracks.curves, rows.curves).map((curve, index) => (
      <CurveTrack
        key={curve.name}
        curve={curve}
        max={tracks.max}
        scale={scale}
        y={rows.curvesFrom + index * rows.curveHeight}
        height={rows.curveHeight}
      />
    ))}
  </>
);

/** A long name says by its spans that it is about leaders. */
const leaderName = (partition: string): string => (partition.length > 11 ? partition : `${partition} leader`);

interface TrackData {
  readonly names: Names;
  readonly faultRows: readonly (readonly Span[])[];
  readonly leaders: { readonly partition: string; readonly spans: readonly Span[] } | null;
  readonly transactions: readonly Transactions[];
  /** The transactional id that the selection is about. */
  readonly picked: string | null;
  readonly curves: readonly Curve[];
  readonly max: number;
}

function useTrackData(): TrackData {
  const entities = useReadableRun((state) => state.model.entities);
  const history = useReadableRun((state) => state.history);
  const commands = useReadableRun((state) => state.status.commands);
  const end = useReadableRun((state) => Math.max(state.status.furthest, state.model.at));
  const focus = useSelection((state) => state.selected);
  const names = useMemo(() => namesOf(entities), [entities]);
  const faults = useMemo(
    () => faultSpans(commands, history.notable, end, names),
    [commands, history.notable, end, names],
  );
  const partition = partitionFor(entities, focus, history.notable);
  const leaders = useMemo(
    () =>
      partition === null
        ? null
        : {
            partition: partition.name,
            spans: leaderSpans(
              partition.name,
              history.notable,
              { leader: partition.leader, leaderEpoch: partition.leaderEpoch, end },
              faults,
            ),
          },
    [partition, history.notable, end, faults],
  );
  const places = useMemo(() => waitingPlaces(entities, names), [entities, names]);
  const curves = useMemo(() => waitingCurves(history.samples, places), [history.samples, places]);
  const max = curves.reduce((most, curve) => Math.max(most, curve.max), 10);
  const faultRows = useMemo(() => spanRows(faults, ROWS_MOST), [faults]);
  const transactions = useMemo(() => transactionTracks(history.transactions), [history.transactions]);
  const picked = pickedTransaction(focus === null ? undefined : entities.get(focus));
  return { names, faultRows, leaders, transactions, picked, curves, max };
}

function partitionFor(
  entities: ReadonlyMap<string, Entity>,
  focus: string | null,
  notable: Parameters<typeof trackedPartitions>[1],
) {
  const selected = focus === null ? undefined : entities.get(focus);
  const picked = selected?.kind === 'partition' ? selected.name : null;
  const producer = [...entities.values()].find((entity) => entity.kind === 'producer');
  const first = producer === undefined ? null : `${producer.topic}-0`;
  const name = trackedPartitions(picked, notable, first);
  const entity = entities.get(`partition:${name ?? ''}`);
  return entity?.kind === 'partition' ? entity : null;
}

/** So many curves as there is room for; internal places give way first. */
function withRoom(curves: readonly Curve[], room: number): readonly Curve[] {
  if (curves.length <= room) return curves;
  const known = curves.filter((curve) => !curve.internal);
  return known.slice(0, room);
}

const CURVE_MIN = 24;
const CURVE_MAX = 40;

interface Room {
  /** Height of the acts. */
  readonly acts: number;
  readonly tall: boolean;
}

/** All rows, or as many as there is room for beside the line that says how many are left out. */
function fitted(tracks: TrackData, height: number, room: Room) {
  const all = rowsOf(tracks, height, room);
  return all.hidden > 0 || room.tall ? { ...rowsOf(tracks, height - MORE, room), bottom: all.bottom } : all;
}

function rowsOf(
  { faultRows, leaders, transactions, curves }: TrackData,
  height: number,
  { acts, tall }: Room,
) {
  const faults = RULER_HEIGHT + acts;
  const leadersAt = faults + SPANS + Math.max(0, faultRows.length - 1) * SPAN_PITCH;
  const transactionsAt = leadersAt + (leaders === null ? 0 : SPANS);
  const spare = Math.floor(
    (height - transactionsAt - Math.min(CURVES_FIRST, curves.length) * CURVE_MIN) / SPANS,
  );
  const most = tall ? transactions.length : TRANSACTIONAL_MOST;
  const transactional = Math.min(
    transactions.length,
    most,
    Math.max(height - transactionsAt < SPANS ? 0 : 1, spare),
  );
  const curvesFrom = transactionsAt + transactional * SPANS;
  const room = Math.max(0, height - curvesFrom);
  const fitting = Math.min(curves.length, Math.floor(room / CURVE_MIN));
  const curveHeight = Math.min(CURVE_MAX, Math.max(CURVE_MIN, Math.floor(room / Math.max(1, fitting))));
  return {
    faults,
    leaders: leadersAt,
    transactions: transactionsAt,
    transactional,
    curvesFrom,
    curves: fitting,
    curveHeight,
    bottom: Math.max(height, curvesFrom),
    hidden: transactions.length - transactional + curves.length - withRoom(curves, fitting).length,
  };
}
