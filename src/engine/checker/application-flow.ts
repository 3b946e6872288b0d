import type { ApplicationView } from '../api/views/application.ts';
import type { TopologyNode } from '../api/scenario.ts';
import { countPlan, type CountPlan } from './count-plan.ts';

/** Where the records lie that an application counts, and what becomes of its counts. */
export interface Flow {
  /** What is counted, as the source has it. */
  readonly plan: CountPlan;
  /** Where records go by the key that they are counted by; undefined where that is the source's own. */
  readonly repartition: string | undefined;
  /** What is counted, as the repartition topic has it. */
  readonly repartitionPlan: CountPlan;
  /** The topic that the counting tasks read. */
  readonly counted: string;
  /** Where every new count is told; undefined where something else is done with it first. */
  readonly output: string | undefined;
}

/** Undefined where the oracle does not understand all that lies between. */
export function flowOf(application: ApplicationView): Flow | undefined {
  const plan = countPlan(application);
  if (plan?.inputs?.length !== 1) return undefined;
  const repartition =
    plan.keyField === null ? undefined : plan.changelog.replace(/-changelog$/, '-repartition');
  return {
    plan,
    repartition,
    repartitionPlan: { ...plan, keyField: null },
    counted: repartition ?? plan.inputs[0] ?? '',
    output: outputOf(application.topology),
  };
}

/** The topic to which counts in windows go as they are. */
function outputOf(topology: readonly TopologyNode[]): string | undefined {
  const nodes = new Map(topology.map((node) => [node.id ?? '', node]));
  const outputs = topology.filter((node) => {
    const stream = node.op === 'to' ? nodes.get(node.of ?? '') : undefined;
    const count = stream?.op === 'toStream' ? nodes.get(stream.of ?? '') : undefined;
    return count?.op === 'count' && nodes.get(count.of ?? '')?.op === 'windowedBy';
  });
  const topic = outputs.length === 1 ? outputs[0]?.topic : undefined;
  return typeof topic === 'string' ? topic : undefined;
}
