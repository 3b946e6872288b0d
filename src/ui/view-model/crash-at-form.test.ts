import { expect, test } from 'vitest';
import type { Entity } from '../../engine/api/frame.ts';
import type { NodeEntity } from '../../engine/api/entities/node.ts';
import { crashAtForm } from './crash-at-form.ts';

const nodes = new Map<string, Entity>(
  (['application', 'broker', 'consumer', 'producer'] as const).map((role) => [
    role,
    { kind: 'node', id: role, role } as NodeEntity,
  ]),
);
const form = (id: string) => crashAtForm(nodes, id);
const choices = (id: string) => form(id).fields[0]?.choices?.map(({ value }) => value) ?? [];

test('each kind of machine is offered its own steps', () => {
  expect(choices('application')).toContain('after-changelog-flush');
  expect(choices('application')).not.toContain('after-prepare-commit');
  expect(choices('broker')).toEqual(['after-prepare-commit', 'after-prepare-abort', 'after-markers']);
  expect(choices('consumer')).toEqual(['after-calls']);
  expect(choices('producer')).toEqual([]);
});

test('a step says what has happened by then and what is found, though its name stands alone in the list', () => {
  const [step] = form('application').fields[0]?.choices ?? [];
  expect(step).toEqual({
    value: 'after-process',
    label: 'after-process',
    meaning:
      'When a record was processed and what it made not handed to the producer. Nothing of that record is in any log.',
  });
});

test('what is filled in becomes an act, or one sentence on what is wrong', () => {
  expect(form('application').read({ anchor: 'before-end-txn', passes: ' 1,000 ' })).toEqual({
    ok: true,
    value: { type: 'crash-at', node: 'application', anchor: 'before-end-txn', passes: 1_000 },
  });
  expect(form('application').read({ anchor: 'after-markers', passes: '0' })).toEqual({
    ok: false,
    error: 'This machine comes to no step after-markers.',
  });
  for (const passes of ['-1', '1.5', 'many', '1000001'])
    expect(form('broker').read({ anchor: 'after-markers', passes })).toMatchObject({ ok: false });
});
