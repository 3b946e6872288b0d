import { describe, expect, it } from 'vitest';
import { askedOf, type ActValues } from './act-form.ts';
import { system } from './system.fixture.ts';
import { toolForm } from './tool-form.ts';
import type { ToolType } from './tool-words.ts';

const entities = system({
  brokers: 3,
  topics: { orders: 2, clicks: 4 },
  producers: ['orders'],
  groups: [{ name: 'audit', topic: 'clicks', members: 2 }],
  applications: [],
});

/** The form as it is opened, with what is shown of it, and what comes of it. */
function opened(type: ToolType, id: string) {
  const form = toolForm(type, entities, id);
  const initial: ActValues = Object.fromEntries(form.fields.map((field) => [field.id, field.initial]));
  return {
    form,
    asked: (change: ActValues = {}) =>
      askedOf(form.fields, { ...initial, ...change }).map(({ id: name }) => name),
    read: (change: ActValues = {}) => {
      const result = form.read({ ...initial, ...change });
      return result.ok ? result.value : result.error;
    },
  };
}

describe('the form of a tool', () => {
  it('asks for a position only where the place needs one, and forgets what was typed for another', () => {
    const { form, asked, read } = opened('reset-offsets', 'group:audit');
    expect(form.title).toBe('Reset offsets: audit');
    expect(form.fields[0]?.choices?.map(({ value }) => value)).toEqual(['clicks', 'orders']);
    expect(asked()).toEqual(['topic', 'to']);
    expect(asked({ to: 'timestamp' })).toEqual(['topic', 'to', 'position']);
    const act = { type: 'reset-offsets', group: 'audit', topic: 'clicks' };
    expect(read({ position: '7' })).toEqual({ ...act, to: 'earliest' });
    expect(read({ to: 'offset', position: '1,007' })).toEqual({ ...act, to: 'offset', position: 1_007 });
    expect(read({ to: 'offset' })).toBe('It needs a position for offset.');
    expect(read({ to: 'offset', position: 'far' })).toMatch(/^Position /);
  });

  it('has its unit from what was chosen before', () => {
    const position = opened('reset-offsets', 'group:audit').form.fields.at(-1);
    expect(position?.unit?.({ to: 'timestamp' })).toBe('ms since 1970');
    expect(position?.unit?.({ to: 'offset' })).toBe('in every partition');
  });

  it('says of every feature and every change what it means', () => {
    const { form, read } = opened('update-feature', 'controller');
    for (const field of form.fields)
      for (const { meaning = '' } of field.choices ?? []) expect(meaning).toMatch(/\.$/);
    const act = { type: 'update-feature', feature: 'group.version', change: 'upgrade' };
    expect(read({ feature: 'group.version' })).toEqual({ ...act, level: 1 });
    expect(read({ level: '' })).toMatch(/^Level /);
  });

  it('reads a list of brokers, and an empty one as giving the reassignment up', () => {
    const { read } = opened('reassign-partition', 'partition:orders-0');
    const act = { type: 'reassign-partition', topic: 'orders', partition: 0 };
    expect(read({ replicas: '3, 1' })).toEqual({ ...act, replicas: [3, 1] });
    expect(read({ replicas: '' })).toEqual({ ...act, replicas: null });
    expect(read({ replicas: '3, B1' })).toMatch(/^Brokers /);
  });

  it('settles what the entity says, and then asks nothing', () => {
    expect(opened('unregister-broker', 'b2').read()).toEqual({ type: 'unregister-broker', broker: 2 });
    expect(opened('delete-topic', 'topic:orders').read()).toEqual({ type: 'delete-topic', topic: 'orders' });
    expect(opened('create-partitions', 'topic:clicks').read()).toMatchObject({
      topic: 'clicks',
      partitions: 5,
    });
  });
});
