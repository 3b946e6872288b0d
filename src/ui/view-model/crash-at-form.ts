import { ANCHOR_NAMES, ANCHORS, type Anchor } from '../../engine/api/anchors.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { err, ok } from '../../engine/base/result.ts';
import type { ActForm } from './act-form.ts';
import { STEPS } from './anchor-caption.ts';

/** Times that a step may be passed before. */
const PASSES_MAX = 1_000_000;

/** A crash of a machine between two steps of what it does. */
export function crashAtForm(entities: ReadonlyMap<EntityId, Entity>, id: EntityId): ActForm {
  const anchors = anchorsOf(entities.get(id));
  return {
    title: 'Crash at a step',
    meaning:
      'SIGKILL as soon as the process comes to this step: memory is lost, the disk keeps everything written.',
    submit: 'Crash there',
    fields: [
      {
        id: 'anchor',
        label: 'When',
        initial: anchors[0] ?? '',
        choices: anchors.map((value) => ({ value, label: value, meaning: meaningOf(value) })),
      },
      {
        id: 'passes',
        label: 'But first it passes the step',
        initial: '0',
        unit: () => 'times',
        note: 'A process that never comes to the step lives on: without transactions none is ever decided.',
      },
    ],
    read: ({ anchor = '', passes = '' }) => {
      const step = anchors.find((known) => known === anchor);
      if (step === undefined) return err(`This machine comes to no step ${anchor}.`);
      const times = Number(passes.trim().replaceAll(',', '') || '0');
      if (!Number.isInteger(times) || times < 0 || times > PASSES_MAX)
        return err('How often it passes the step first must be a whole number from 0 to 1,000,000.');
      return ok({ type: 'crash-at', node: id, anchor: step, passes: times });
    },
  };
}

/** What has happened when the process dies there, and what is found then. */
const meaningOf = (anchor: Anchor): string => `When ${STEPS[anchor].when}. ${STEPS[anchor].finds}`;

function anchorsOf(entity: Entity | undefined): readonly Anchor[] {
  const role = entity?.kind === 'node' ? entity.role : null;
  const program = role === 'application' ? 'streams-instance' : role;
  return ANCHOR_NAMES.filter((name) => ANCHORS[name] === program);
}
