import type { SetQuota } from '../../engine/api/command.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { QUOTA_KEYS, quotaProblem, type QuotaKey, type QuotaOwner } from '../../engine/api/quota.ts';
import { err, ok } from '../../engine/base/result.ts';
import type { ActChoice, ActForm } from './act-form.ts';
import { clientIdsOf } from './quota-lines.ts';

/** What is held to the rate, and by whom. */
const MEANING: Readonly<Record<QuotaKey, string>> = {
  producer_byte_rate: 'What it may write to each broker.',
  consumer_byte_rate: 'What it may read from each broker.',
  request_percentage: 'How long its requests may keep the threads of each broker busy; 100 is one thread.',
  controller_mutation_rate: 'How many partitions it may make or delete, as the controller counts them.',
  connection_creation_rate:
    'How often its machine may connect to each broker. Connections are counted by machine: nobody knows yet who comes.',
};

const UNITS: Readonly<Record<string, string>> = {
  request_percentage: '% of one thread’s time',
  controller_mutation_rate: 'partitions a second',
  connection_creation_rate: 'connections a second',
};

/** A quota for the clients of a machine, or for whoever has none of their own. */
export function quotaForm(entities: ReadonlyMap<EntityId, Entity>, id: EntityId): ActForm {
  const owners = ownersOf(entities, id);
  return {
    title: 'Set a quota',
    meaning:
      'The operator asks the controller for it. Brokers delay answers to a client that goes beyond its rate.',
    submit: 'Set',
    fields: [
      { id: 'owner', label: 'Whose', initial: owners[0].value, choices: owners },
      {
        id: 'key',
        label: 'Quota',
        initial: keyFor(entities, id),
        choices: QUOTA_KEYS.map((value) => ({ value, label: value, meaning: MEANING[value] })),
      },
      {
        id: 'value',
        label: 'Rate',
        initial: '',
        unit: ({ key = '' }) => UNITS[key] ?? 'bytes a second',
        note: 'Empty: the quota is taken away.',
      },
    ],
    read: ({ owner = '', key = '', value = '' }) => {
      const rate = value.trim() === '' ? null : Number(value.replaceAll(',', ''));
      if (rate !== null && !(rate > 0)) return err('The rate must be a number above 0, or nothing.');
      const quotaKey = QUOTA_KEYS.find((known) => known === key);
      if (quotaKey === undefined) return err(`There is no quota ${key}.`);
      if (quotaKey === 'connection_creation_rate' && owner === EVERYBODY.value)
        return err('Connections are counted by machine, not by user.');
      const whose = quotaKey === 'connection_creation_rate' ? addressOf(owner, id) : ownerOf(owner);
      const act: SetQuota = { type: 'set-quota', ...whose, key: quotaKey, value: rate };
      const what = quotaProblem(act, act);
      return what === null ? ok(act) : err(`A quota ${what}`);
    },
  };
}

const EVERY_CLIENT: ActChoice = { value: 'clients', label: 'every client without one of its own' };
const EVERYBODY: ActChoice = { value: 'user', label: 'user ANONYMOUS: all clients together' };
const CLIENT = 'client ';

function ownerOf(value: string): QuotaOwner {
  if (value === EVERYBODY.value) return { user: 'ANONYMOUS' };
  return { clientId: value.startsWith(CLIENT) ? value.slice(CLIENT.length) : null };
}

/** A quota for connections is of the machine, or of every machine without one. */
const addressOf = (owner: string, machine: string): QuotaOwner => ({
  ip: owner.startsWith(CLIENT) ? machine : null,
});

/** The client ids of the machine first. */
function ownersOf(
  entities: ReadonlyMap<EntityId, Entity>,
  id: EntityId,
): readonly [ActChoice, ...ActChoice[]] {
  const ids = clientIdsOf(entities.get(id));
  const own = ids.map((client) => ({ value: `${CLIENT}${client}`, label: `client ${client}` }));
  const [first = EVERY_CLIENT, ...rest] = [...own, EVERY_CLIENT, EVERYBODY];
  return [first, ...rest];
}

function keyFor(entities: ReadonlyMap<EntityId, Entity>, id: EntityId): QuotaKey {
  const node = entities.get(id);
  return node?.kind === 'node' && node.role === 'consumer' ? 'consumer_byte_rate' : 'producer_byte_rate';
}
