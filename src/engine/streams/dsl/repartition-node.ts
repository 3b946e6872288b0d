import { FilterSupplier } from '../operators/filter.ts';
import { PassThroughSupplier } from '../operators/pass-through.ts';
import type { Serde } from '../serdes/serde.ts';
import { timestampExtractor } from '../task/timestamp-extractor.ts';
import { GraphNode, type RepartitionFacts } from '../topology/graph-node.ts';
import type { InternalTopologyBuilder } from '../topology/internal-topology-builder.ts';
import type { StreamsBuilder } from '../topology/streams-builder.ts';

const SUFFIX = '-repartition';
const GENERATED = /^KSTREAM.*-[0-9]{10}$/;

/** Name of the source processor behind the repartition topic of this prefix, as far as it is not generated. */
interface RepartitionNames {
  readonly topic: string;
  readonly filter: string;
  readonly sink: string;
  readonly source: string;
}

/** Uses up three numbers, whether the names are generated or follow from the topic's. */
function namesFor(builder: StreamsBuilder, prefix: string): RepartitionNames {
  const topic = prefix.endsWith(SUFFIX) ? prefix : prefix + SUFFIX;
  const sink = builder.newProcessorName('KSTREAM-SINK-');
  const filter = builder.newProcessorName('KSTREAM-FILTER-');
  const source = builder.newProcessorName('KSTREAM-SOURCE-');
  if (GENERATED.test(prefix)) return { topic, filter, sink, source };
  return { topic, filter: `${topic}-filter`, sink: `${topic}-sink`, source: `${topic}-source` };
}

export interface RepartitionTypes {
  readonly key: Serde;
  readonly value: Serde;
}

/** A way through a repartition topic of its own. `name` of the node is that of the source behind the topic. */
export function repartitionNode(
  builder: StreamsBuilder,
  prefix: string,
  { key, value }: RepartitionTypes,
  explicit?: { readonly partitions: number | undefined },
): GraphNode {
  const names = namesFor(builder, prefix);
  const facts: RepartitionFacts = {
    topic: names.topic,
    key,
    value,
    optimizable: explicit === undefined,
    dropNullKeys: false,
  };
  const write = (topology: InternalTopologyBuilder, node: GraphNode): void => {
    topology.addInternalTopic({ name: names.topic, partitions: explicit?.partitions });
    topology.addProcessor({
      kind: 'processor',
      name: names.filter,
      predecessors: node.parentNames(),
      supplier: facts.dropNullKeys ? new FilterSupplier((k) => k !== null, false) : new PassThroughSupplier(),
      stores: new Set(),
    });
    writeTopic(topology, names, { key, value }, [names.filter]);
  };
  return new GraphNode(names.source, write, { repartition: facts });
}

/** The sink and the source at both ends of a repartition topic. */
export function writeTopic(
  topology: InternalTopologyBuilder,
  names: Pick<RepartitionNames, 'topic' | 'sink' | 'source'>,
  { key, value }: RepartitionTypes,
  predecessors: readonly string[],
): void {
  topology.addSink({
    kind: 'sink',
    name: names.sink,
    predecessors,
    topic: names.topic,
    topicOf: undefined,
    topicLabel: '',
    key,
    value,
    partitionOf: undefined,
  });
  topology.addSource({
    kind: 'source',
    name: names.source,
    topics: [names.topic],
    pattern: undefined,
    key,
    value,
    extractor: failOnInvalid,
    predecessors: [],
  });
}

const failOnInvalid = timestampExtractor('FailOnInvalidTimestamp');
