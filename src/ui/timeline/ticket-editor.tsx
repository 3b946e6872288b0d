import { useState, type FormEvent } from 'react';
import { Button } from '../widgets/button.tsx';
import { useApp, useRun } from '../state/binding.ts';
import { ticketWords } from '../view-model/act-caption.ts';
import { namesOf } from '../view-model/narration-scene.ts';
import { deleteTicket, moveTicket, switchTicket } from '../state/ticket-changes.ts';
import styles from './ticket-editor.module.css';

/** The ticket in hand: its time, whether it happens, and how to be rid of it. */
export function TicketEditor({ id }: { readonly id: number }) {
  const { actions, timeline } = useApp();
  const commands = useRun((state) => state.status.commands);
  const entities = useRun((state) => state.model.entities);
  const command = commands.find((known) => known.id === id);
  const [written, setWritten] = useState<string | null>(null);
  if (command === undefined) return null;
  const words = ticketWords(command.act, namesOf(entities));
  const seconds = (command.at / 1e6).toFixed(6).replace(/0{1,3}$/, '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const at = Math.round(Number(written) * 1e6);
    if (written === null) return;
    setWritten(null);
    if (Number.isFinite(at) && at > 0) void actions.changeCommands(moveTicket(id, at));
    else actions.say(`“${written}” is not a time in seconds after the start, such as 12.000.`);
  };
  const off = command.disabled === true;
  return (
    <form className={styles.editor} onSubmit={submit} onKeyDown={(event) => event.stopPropagation()}>
      <span className={styles.words}>{words}</span>
      <label>
        at
        <input
          aria-label={`Time of ${words}, in seconds`}
          inputMode="decimal"
          value={written ?? seconds}
          onChange={(event) => setWritten(event.target.value)}
          onBlur={submit}
        />
        s
      </label>
      <Button look="plain" aria-pressed={off} onClick={() => void actions.changeCommands(switchTicket(id))}>
        Off
      </Button>
      <Button look="plain" onClick={() => void actions.changeCommands(deleteTicket(id))}>
        Delete
      </Button>
      <Button
        look="plain"
        icon="close"
        iconSize={18}
        bare
        aria-label="Let go of the ticket"
        onClick={() => timeline.setState({ ticket: null })}
      />
    </form>
  );
}
