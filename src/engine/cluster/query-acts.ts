import { OPERATOR_NODE, type NodeId } from '../api/ids.ts';
import { queryProblem, type QueryAct } from '../api/query-act.ts';
import type { Fault } from '../api/scenario-guard.ts';
import type { Scenario } from '../api/scenario.ts';
import type { Kernel } from '../sim/kernel.ts';
import { storeProblem } from '../streams/queries/queryable-store.ts';
import { planOf } from '../streams/runtime/application-plan.ts';
import type { StreamsInstanceConfig } from '../streams/runtime/instance-config.ts';
import { instanceConfig } from './cluster-builder.ts';
import type { QuerySignal } from './operator-program.ts';

/** Machines of an application's instances, in order, with what they are started with. */
const instancesOf = (kernel: Kernel, application: string): [NodeId, StreamsInstanceConfig][] =>
  [...kernel.state.nodes.values()]
    .filter(({ program }) => program === 'streams-instance')
    .map(({ id, config }): [NodeId, StreamsInstanceConfig] => [id, config as StreamsInstanceConfig])
    .filter(([, { applicationId }]) => applicationId === application)
    .sort(([, a], [, b]) => a.instance - b.instance);

/** Why a query makes no sense, as one sentence, or undefined. */
export function refuseQuery(kernel: Kernel, act: QueryAct): string | undefined {
  const instances = instancesOf(kernel, act.application);
  const [first] = instances;
  if (first === undefined) return `There is no application ${act.application}.`;
  if (act.instance !== undefined && !instances.some(([node]) => node === act.instance))
    return `${act.instance} is no instance of ${act.application}.`;
  const what = queryProblem(act) ?? storeProblem(planOf(first[1]), act);
  return what === null ? undefined : `The query ${what}`;
}

/** The operator's REST client sends it. */
export function sendQuery(kernel: Kernel, act: QueryAct): void {
  const instances = Object.freeze(instancesOf(kernel, act.application).map(([node]) => node));
  kernel.signal(OPERATOR_NODE, Object.freeze<QuerySignal>({ type: 'query', act, instances }));
}

/** The first query of a scenario that its application cannot be asked. */
export function queryFault({ applications, commands }: Scenario): Fault | undefined {
  for (const [i, { act }] of commands.entries()) {
    const spec = act.type === 'query' ? applications.find(({ id }) => id === act.application) : undefined;
    if (act.type !== 'query' || spec === undefined) continue;
    const what = storeProblem(planOf(instanceConfig(spec, 1, { bootstrap: {} })), act);
    if (what !== null) return { path: ['commands', i, 'act'], what: `commands[${i}].act ${what}` };
  }
  return undefined;
}
