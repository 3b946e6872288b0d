import { err, ok, type Result } from '../../base/result.ts';
import { problemAt, type Path, type Problem } from '../../api/scenario-problem.ts';
import type { TopologySource } from '../../api/topology-driver.ts';
import { streamsConfig, topologyProperties, type StreamsConfig } from '../config.ts';
import { declareAll } from '../dsl/registry.ts';
import { Scope } from '../dsl/scope.ts';
import { UnknownFunctionError } from '../functions/function-spec.ts';
import { StreamsError } from '../task/streams-error.ts';
import { buildTopology, type BuiltTopology } from '../topology/build-topology.ts';
import { StreamsBuilder } from '../topology/streams-builder.ts';
import type { Topology } from '../topology/topology-node.ts';

/** Builds a topology from its data. The problem names the node that cannot be added, or the whole. */
export function buildSource({
  applicationId,
  topology,
  config,
}: TopologySource): Result<BuiltTopology, Problem> {
  const nodes = topology as unknown as Topology;
  try {
    const properties = { ...topologyProperties(config), 'application.id': applicationId };
    return ok(buildTopology(nodes, { config: streamsConfig(properties) }));
  } catch (error) {
    const message = messageOf(error);
    return err(problemAt(placeOf(nodes, applicationId), `cannot be built: ${message}`));
  }
}

const isExpected = (error: unknown): error is Error =>
  error instanceof StreamsError || error instanceof UnknownFunctionError;

function messageOf(error: unknown): string {
  if (!isExpected(error)) throw error;
  return /[.)]$/.test(error.message) ? error.message : `${error.message}.`;
}

/** The first node that cannot be declared after those before it; the whole if only the graph as such is wrong. */
function placeOf(topology: Topology, applicationId: string): Path {
  const config: StreamsConfig = streamsConfig({ 'application.id': applicationId });
  const scope = new Scope(new StreamsBuilder(config));
  for (const [i, node] of topology.entries())
    try {
      declareAll(scope, [node]);
    } catch (error) {
      if (!isExpected(error)) throw error;
      return ['topology', i];
    }
  return ['topology'];
}
