import type { QueryAct, QueryKind } from '../../api/query-act.ts';
import type { ApplicationPlan } from '../runtime/application-plan.ts';
import { hasSourceChangelog } from '../runtime/source-changelogs.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import { stringSerde, longSerde, jsonSerde, type Serde } from '../serdes/serde.ts';

/** Where a store is: in the tasks of a sub-topology, or, as a global table, whole in every instance. */
export interface StorePlace {
  readonly definition: StoreDefinition;
  /** Null for a global table. */
  readonly subtopology: number | null;
  /** Null if it has none. */
  readonly changelog: string | null;
}

/** Undefined if the application has no such store. */
export function findStore({ topology }: ApplicationPlan, name: string): StorePlace | undefined {
  for (const part of topology.subTopologies) {
    const definition = part.stores.find((store) => store.name === name);
    if (definition === undefined) continue;
    const isKept = definition.logging || hasSourceChangelog(part, definition);
    return { definition, subtopology: part.id, changelog: isKept ? part.changelogOf(name) : null };
  }
  const global = topology.globalStores.find(({ store }) => store.name === name);
  return global && { definition: global.store, subtopology: null, changelog: null };
}

/** The stores that can be asked something. */
export const queryableStores = ({ topology }: ApplicationPlan): StoreDefinition[] =>
  [
    ...topology.subTopologies.flatMap(({ stores }) => stores),
    ...topology.globalStores.map(({ store }) => store),
  ].filter((store) => queryKinds(store).length > 0);

/** The serdes whose keys a person can write. */
const WRITABLE: readonly Serde[] = [stringSerde, longSerde, jsonSerde];

/** What a store can be asked; nothing of those that only operators understand. */
export function queryKinds({ kind, key, retainDuplicates }: StoreDefinition): readonly QueryKind[] {
  if (!WRITABLE.includes(key)) return [];
  switch (kind) {
    case 'keyValue':
    case 'timestampedKeyValue':
    case 'lru':
      return ['key', 'range'];
    case 'versioned':
      return ['key'];
    case 'window':
    case 'timestampedWindow':
      return retainDuplicates ? [] : ['window'];
    case 'session':
      return ['session'];
    default:
      return [];
  }
}

/** Why an application cannot be asked this, as the end of a sentence, or null. */
export function storeProblem(plan: ApplicationPlan, { application, store, kind }: QueryAct): string | null {
  const names = queryableStores(plan).map(({ name }) => name);
  if (!names.includes(store)) {
    const what =
      names.length === 0 ? 'has no store that can be asked' : `can be asked for ${names.join(', ')}`;
    return `names the store ${store}; ${application} ${what}.`;
  }
  const kinds = queryKinds((findStore(plan, store) as StorePlace).definition);
  if (kinds.includes(kind)) return null;
  return `asks the store ${store} for a ${kind}; it can be asked for a ${kinds.join(' or a ')}.`;
}
