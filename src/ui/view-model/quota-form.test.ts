import { expect, it } from 'vitest';
import type { Entity } from '../../engine/api/frame.ts';
import { quotaForm } from './quota-form.ts';
import { lesson } from './lesson.fixture.ts';

const entities: ReadonlyMap<string, Entity> = lesson('calm').entities;
const producer = [...entities.values()].find((e) => e.kind === 'node' && e.role === 'producer')?.id ?? '';

it('a quota is read from the form: whose, which, and how much or none', () => {
  const { fields, read } = quotaForm(entities, producer);
  const initial = Object.fromEntries(fields.map((field) => [field.id, field.initial]));
  const act = (change: Readonly<Record<string, string>>) => {
    const result = read({ ...initial, ...change });
    return result.ok ? result.value : result.error;
  };
  const base = { type: 'set-quota', key: 'producer_byte_rate' };
  expect(act({ value: '2,000' })).toEqual({ ...base, clientId: producer, value: 2_000 });
  expect(act({})).toEqual({ ...base, clientId: producer, value: null });
  expect(act({ owner: 'clients', value: '5' })).toEqual({ ...base, clientId: null, value: 5 });
  expect(act({ owner: 'user', value: '5' })).toEqual({ ...base, user: 'ANONYMOUS', value: 5 });
  const rate = { type: 'set-quota', key: 'connection_creation_rate', value: 5 };
  expect(act({ key: 'connection_creation_rate', value: '5' })).toEqual({ ...rate, ip: producer });
  expect(act({ key: 'connection_creation_rate', owner: 'clients', value: '5' })).toEqual({
    ...rate,
    ip: null,
  });
  expect(act({ key: 'connection_creation_rate', owner: 'user', value: '5' })).toBe(
    'Connections are counted by machine, not by user.',
  );
  expect(act({ value: '1.5' })).toBe('A quota must have a whole number for producer_byte_rate, not 1.5.');
  expect(act({ value: 'much' })).toBe('The rate must be a number above 0, or nothing.');
  expect(act({ value: '-3' })).toBe('The rate must be a number above 0, or nothing.');
});
