import { useState } from 'react';
import type { CommandAct } from '../../engine/api/command.ts';
import type { LinkEntity } from '../../engine/api/frame.ts';
import type { NodeId } from '../../engine/api/ids.ts';
import { Menu, type MenuItem } from '../widgets/menu.tsx';
import { useApp, useLayout, useRun } from '../state/binding.ts';
import { actsOn, DELAYS_MS, linksOf, machineOf, peersOf, type Act, type Entities } from '../state/acts.ts';
import { toolsFor, type ToolChoice } from '../state/tools.ts';
import type { FormName, MenuPlace, MenuQuestion } from '../state/view-stores.ts';
import type { Names } from '../view-model/caption.ts';
import { namesOf } from '../view-model/narration-scene.ts';
import { count } from '../view-model/number-format.ts';
import { entityTitle, kindWord, ROLES } from './inspector.tsx';

/** The menu of an entity, if one is open. */
export function EntityMenu() {
  const place = useLayout((state) => state.menu);
  return place === null ? null : <OpenMenu key={`${place.id} ${place.x} ${place.y}`} place={place} />;
}

/** Which question the menu asks after the first choice. */
type Step =
  | { readonly asks: 'what' }
  | { readonly asks: MenuQuestion }
  | { readonly asks: 'delay'; readonly peer: NodeId };

interface Choice extends MenuItem {
  readonly act?: CommandAct;
  readonly next?: Step;
  readonly inspect?: true;
  /** The application whose topology goes on the bench. */
  readonly bench?: string;
  readonly form?: FormName;
}

function OpenMenu({ place }: { readonly place: MenuPlace }) {
  const { actions, layout } = useApp();
  const entities = useRun((state) => state.model.entities);
  const [step, setStep] = useState<Step>(place.asks === undefined ? { asks: 'what' } : { asks: place.asks });
  const names = namesOf(entities);
  const entity = entities.get(place.id);
  const machine = machineOf(entities, place.id);
  const choices = choicesOf(step, entities, place.id, names);
  const close = () => layout.setState({ menu: null });
  const pick = (id: string) => {
    const choice = choices.find((item) => item.id === id);
    if (choice?.next !== undefined) {
      setStep(choice.next);
      return;
    }
    close();
    if (choice?.inspect) layout.setState({ inspectorTab: 'state', sheet: 'inspect' });
    if (choice?.bench !== undefined) {
      actions.select(null);
      layout.setState({ bench: `application:${choice.bench}`, place: 'lab' });
    }
    if (choice?.form !== undefined)
      layout.setState({
        form: { name: choice.form, id: ofMachine(choice.form) ? (machine?.id ?? place.id) : place.id },
      });
    if (choice?.act !== undefined) void actions.act(choice.act);
  };
  if (entity === undefined) return null;
  const title = `${entityTitle(entity, names)}, ${kindWord(entity)}`;
  const label = step.asks === 'what' ? title : QUESTIONS[step.asks](machine?.label ?? '');
  const { x, y, above = false } = place;
  return <Menu label={label} items={choices} at={{ x, y, above }} onPick={pick} onClose={close} />;
}

/** Whether a form is about the machine, whatever of it the menu was opened on. */
const ofMachine = (form: FormName): boolean => form === 'quota' || form === 'crash-at';

const QUESTIONS = {
  cut: (name: string) => `Cut ${name} off from`,
  slow: (name: string) => `Slow ${name} to and from`,
  heal: (name: string) => `Heal the link of ${name} to`,
  delay: () => 'How much slower, each way?',
  tools: () => 'Kafka’s tools',
} as const;

function choicesOf(step: Step, entities: Entities, id: string, names: Names): readonly Choice[] {
  const machine = machineOf(entities, id)?.id ?? '';
  switch (step.asks) {
    case 'what':
      return [
        { id: 'inspect', label: 'Inspect', icon: 'inspect', hint: 'Enter', inspect: true },
        ...benchChoice(entities, id),
        ...actsOn(entities, id).map((act, index) => choiceOf(act, index === 0)),
      ];
    case 'cut':
      return peersOf(entities, machine).map(({ id: peer, label, role }) => ({
        id: peer,
        label,
        hint: ROLES[role],
        act: { type: 'cut-link', a: machine, b: peer },
      }));
    case 'slow':
      return peersOf(entities, machine).map(({ id: peer, label }) => ({
        id: peer,
        label,
        more: true,
        next: { asks: 'delay', peer },
      }));
    case 'heal':
      return linksOf(entities, machine).map((link) => healChoice(link, machine, names));
    case 'tools': {
      const entity = entities.get(id);
      return entity === undefined ? [] : toolsFor(entity).map(toolChoice);
    }
    case 'delay':
      return DELAYS_MS.map((ms) => ({
        id: String(ms),
        label: `${count(ms)} ms`,
        act: { type: 'slow-link', a: machine, b: step.peer, extraMicros: ms * 1_000 },
      }));
  }
}

/** Where an application's topology can be looked at and tried. */
function benchChoice(entities: Entities, id: string): readonly Choice[] {
  const entity = entities.get(id);
  const bench =
    entity?.kind === 'application' ? entity.name : entity?.kind === 'task' ? entity.application : undefined;
  if (bench === undefined) return [];
  return [{ id: 'bench', label: 'Topology and test driver', icon: 'search', hint: 'B', bench }];
}

const choiceOf = (act: Act, apart: boolean): Choice => ({
  id: act.id,
  label: act.act === undefined ? `${act.label} …` : act.label,
  icon: act.icon,
  apart,
  more: act.asks !== undefined,
  ...(act.key !== undefined && { hint: act.key }),
  ...(act.act !== undefined && { act: act.act }),
  ...(act.asks !== undefined && { next: { asks: act.asks } }),
  ...(act.form !== undefined && { form: act.form }),
});

/** What may be asked stands apart from what changes something. */
const toolChoice = ({ label, act, form }: ToolChoice, index: number, all: readonly ToolChoice[]): Choice => ({
  id: label,
  label: act === undefined ? `${label} …` : label,
  ...(act !== undefined && { act, apart: index > 0 && all[index - 1]?.act === undefined }),
  ...(form !== undefined && { form }),
});

function healChoice({ a, b, cut }: LinkEntity, machine: NodeId, names: Names): Choice {
  const peer = a === machine ? b : a;
  const act: CommandAct = cut ? { type: 'heal-link', a, b } : { type: 'slow-link', a, b, extraMicros: 0 };
  return { id: peer, label: names.node(peer), act };
}
