import type { SubtopologyFacts } from '../../api/entities/application.ts';
import type { SubTopology } from '../topology/build-topology.ts';
import { planOf, type ApplicationPlan } from './application-plan.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';

/** The parts of an application: follow from its configuration alone. Throws a `StreamsError` for a broken topology. */
export function subtopologyFacts(config: StreamsInstanceConfig): SubtopologyFacts[] {
  const plan = planOf(config);
  return plan.topology.subTopologies.map((part) => ({
    id: part.id,
    sources: part.sourceTopics,
    sinks: part.sinkTopics,
    stores: part.stores.map(({ name }) => name),
    label: labelOf(config, plan, part),
  }));
}

function labelOf(config: StreamsInstanceConfig, plan: ApplicationPlan, part: SubTopology): string {
  const said = part.stores.map(({ name, kind }) => {
    const windowed = plan.windowed.get(name);
    if (windowed !== undefined) return `${windowed.op} per ${span(windowed.windows.size)}`;
    const op = config.topology.find(({ as }) => as === name)?.op;
    if (kind === 'session') return `${op ?? 'aggregate'} per session`;
    return kind === 'window' ? 'join' : (op ?? 'keep a table');
  });
  if (said.length > 0) return [...new Set(said)].join(', ');
  const repartitions = new Set(plan.topology.repartitionTopics.map(({ name }) => name));
  return part.sinkTopics.some((topic) => repartitions.has(topic)) ? 're-key' : 'pass on';
}

const SPANS: readonly (readonly [name: string, ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** A length of time in words: `minute`, `5 minutes`, `250 ms`. */
function span(ms: number): string {
  const [name, unit] = SPANS.find(([, length]) => ms % length === 0) ?? ['', 1];
  if (name === '') return `${ms} ms`;
  return ms === unit ? name : `${ms / unit} ${name}s`;
}
