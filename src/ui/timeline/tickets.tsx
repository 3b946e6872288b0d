import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Command } from '../../engine/api/command.ts';
import type { SimTime } from '../../engine/base/time.ts';
import type { CommandChange } from '../state/actions.ts';
import { useApp, useTimeline } from '../state/binding.ts';
import { ticketWords } from '../view-model/act-caption.ts';
import type { Names } from '../view-model/caption.ts';
import { moment } from '../view-model/number-format.ts';
import { timeAt, xOf, type Scale } from './scale.ts';
import { deleteTicket, moveTicket, switchTicket } from '../state/ticket-changes.ts';
import type { PlacedTicket } from './ticket-rows.ts';
import styles from './tickets.module.css';

/** After so long without another key a moved ticket takes effect. */
const SETTLE_MS = 350;

interface TicketsProps {
  readonly scale: Scale;
  readonly placed: readonly PlacedTicket[];
  readonly names: Names;
  readonly top: number;
}

/** A ticket and the gap below it. */
export const TICKET_PITCH = 26;

/** What a person did, as tickets that hang from their moments. */
export function Tickets({ scale, placed, names, top }: TicketsProps) {
  const chosen = useTimeline((state) => state.ticket);
  const inTime = [...placed].sort((a, b) => a.command.at - b.command.at || a.command.id - b.command.id);
  return (
    <ul className={styles.tickets} aria-label="Acts" style={{ top }}>
      {inTime.map((ticket) => (
        <Ticket
          key={ticket.command.id}
          placed={ticket}
          scale={scale}
          chosen={ticket.command.id === chosen}
          names={names}
        />
      ))}
    </ul>
  );
}

interface TicketProps {
  readonly placed: PlacedTicket;
  readonly scale: Scale;
  readonly chosen: boolean;
  readonly names: Names;
}

function Ticket({ placed, scale, chosen, names }: TicketProps) {
  const { command, row, shift, room } = placed;
  const { actions, timeline } = useApp();
  const { draft, move, commit, drag } = useMove(command, scale);
  const words = ticketWords(command.act, names);
  const off = command.disabled === true;
  const at = draft ?? command.at;
  const change = (by: CommandChange) => {
    commit();
    void actions.changeCommands(by);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = NUDGE[event.key];
    if (by !== undefined) move(by * (event.shiftKey ? 100_000 : 10_000));
    else if (event.key === 'Delete' || event.key === 'Backspace') change(deleteTicket(command.id));
    else if (event.key === ' ') change(switchTicket(command.id));
    else if (event.key === 'Enter') timeline.setState({ ticket: chosen ? null : command.id });
    else if (event.key === 'Escape') timeline.setState({ ticket: null });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const classes = [styles.ticket, off ? styles.off : '', chosen ? styles.chosen : ''];
  return (
    <li>
      <button
        type="button"
        className={classes.join(' ')}
        style={{
          left: xOf(scale, at) + (draft === null ? shift : 0),
          top: row * TICKET_PITCH,
          maxWidth: chosen || room === Infinity ? undefined : Math.max(14, room - 3),
        }}
        aria-pressed={chosen}
        aria-label={`${words} at ${moment(at)}${off ? ', switched off' : ''}`}
        title={`${words}, ${moment(at)}`}
        onClick={() => timeline.setState({ ticket: command.id })}
        onKeyDown={onKeyDown}
        onBlur={commit}
        {...drag}
      >
        <svg width={8} height={24} aria-hidden="true">
          <path d="M0.750 0V8a4 4 0 0 1 0 8V24" />
        </svg>
        <span>{words}</span>
      </button>
    </li>
  );
}

const NUDGE: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Moves a ticket by key or by dragging; the run follows when the hand rests. */
function useMove(command: Command, scale: Scale) {
  const { actions } = useApp();
  const [draft, setDraft] = useState<SimTime | null>(null);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef<{ readonly x: number; readonly at: SimTime } | null>(null);
  useEffect(() => () => clearTimeout(waiting.current), []);

  const settle = (at: SimTime) => {
    clearTimeout(waiting.current);
    setDraft(null);
    if (at !== command.at) void actions.changeCommands(moveTicket(command.id, at));
  };
  const move = (by: SimTime) => {
    const at = Math.max(1, (draft ?? command.at) + by);
    setDraft(at);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => settle(at), SETTLE_MS);
  };
  const commit = () => {
    if (draft !== null) settle(draft);
  };
  const drag = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = { x: event.clientX, at: command.at };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      if (from === null || (draft === null && Math.abs(event.clientX - from.x) < 4)) return;
      setDraft(Math.max(1, timeAt(scale, xOf(scale, from.at) + event.clientX - from.x)));
    },
    onPointerUp: () => {
      start.current = null;
      commit();
    },
    onPointerCancel: () => {
      start.current = null;
      setDraft(null);
    },
  };
  return { draft, move, commit, drag };
}
