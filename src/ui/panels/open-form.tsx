import { useState } from 'react';
import { useApp } from '../state/binding.ts';
import type { Entities } from '../state/acts.ts';
import type { FormPlace } from '../state/view-stores.ts';
import type { ActForm } from '../view-model/act-form.ts';
import { crashAtForm } from '../view-model/crash-at-form.ts';
import { quotaForm } from '../view-model/quota-form.ts';
import { toolForm } from '../view-model/tool-form.ts';
import { ActDialog } from './act-dialog.tsx';

/** What each form asks, for the entity that it was opened on. */
const formOf = ({ name, id }: FormPlace, entities: Entities): ActForm => {
  if (name === 'quota') return quotaForm(entities, id);
  return name === 'crash-at' ? crashAtForm(entities, id) : toolForm(name, entities, id);
};

/** The form of an act, filled in for what was there when it was opened. */
export function OpenForm({ place }: { readonly place: FormPlace }) {
  const { layout, run } = useApp();
  const [form] = useState(() => formOf(place, run.getState().model.entities));
  return <ActDialog form={form} onClose={() => layout.setState({ form: null })} />;
}
