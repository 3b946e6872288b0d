import { joiner } from '../functions/joiners.ts';
import { keyFunction } from '../functions/key-functions.ts';
import {
  ForeignTableJoinSupplier,
  ResponseJoinSupplier,
  SubscriptionJoinSupplier,
  SubscriptionReceiveSupplier,
  SubscriptionSendSupplier,
} from '../joins/foreign-key-join.ts';
import { TableSourceSupplier } from '../operators/table-source.ts';
import type { Serde } from '../serdes/serde.ts';
import {
  subscriptionResponseSerde,
  subscriptionSerde,
  type SubscriptionResponse,
} from '../serdes/subscription-serdes.ts';
import type { SinkSpec } from '../topology/processor-topology.ts';
import { GraphNode } from '../topology/graph-node.ts';
import type { ForeignKeyJoinNode } from '../topology/topology-node.ts';
import { materialize } from './materialized.ts';
import { plainStore, tableStore } from './store-definitions.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import { TableRef } from './refs.ts';
import type { Scope } from './scope.ts';

const PREFIX = 'KTABLE-FK-JOIN-';

interface Channel {
  readonly topic: string;
  readonly key: Serde;
  readonly value: Serde;
  readonly partitionOf?: SinkSpec['partitionOf'];
}

function sinkNode(name: string, { topic, key, value, partitionOf }: Channel): GraphNode {
  return new GraphNode(name, (topology, node) =>
    topology.addSink({
      kind: 'sink',
      name,
      predecessors: node.parentNames(),
      topic,
      topicOf: undefined,
      topicLabel: '',
      key,
      value,
      partitionOf,
    }),
  );
}

function sourceNode(name: string, { topic, key, value }: Channel): GraphNode {
  return new GraphNode(name, (topology) =>
    topology.addSource({
      kind: 'source',
      name,
      topics: [topic],
      pattern: undefined,
      key,
      value,
      extractor: undefined,
      predecessors: [],
    }),
  );
}

/** Both halves of a foreign-key join (KIP-213): subscriptions go to the right table's task, answers come back. */
export function declareForeignKeyJoin(scope: Scope, node: ForeignKeyJoinNode): void {
  const { builder } = scope;
  const [own, other] = [scope.table(node.of), scope.table(node.with)];
  const { named } = node;
  const left = node.type === 'left';
  other.enableSendingOldValues(true);
  own.enableSendingOldValues(true);
  const name = (suffix: string, prefix: string): string => builder.suffixedNameOr(named, suffix, prefix);
  const registration = `${PREFIX}SUBSCRIPTION-REGISTRATION-`;
  const requests: Channel = {
    topic: `${name('-subscription-registration', registration)}-topic`,
    key: other.key,
    value: subscriptionSerde(own.key),
  };
  builder.topology.addInternalTopic({ name: requests.topic, partitions: undefined });
  const extract = keyFunction(node.keyFn, own.key).apply;
  const sender = new SubscriptionSendSupplier({
    foreignKeyOf: (value) => extract(null, value),
    foreignKey: other.key,
    value: own.value,
    left,
  });
  const sendNode = processorGraphNode(name('-subscription-registration-processor', registration), sender, {
    traits: { onVersionedParent: () => void (sender.useVersionedSemantics = true) },
  });
  builder.add(own.node, sendNode);
  const requestSink = sinkNode(name('-subscription-registration-sink', 'KTABLE-SINK-'), requests);
  builder.add(sendNode, requestSink);
  const requestSource = sourceNode(name('-subscription-registration-source', 'KTABLE-SOURCE-'), requests);
  builder.add(requestSink, requestSource);
  builder.topology.copartition([...other.sources, requestSource.name]);
  const responses = declareRightSide(scope, node, requestSource);
  declareResult(scope, node, responses);
}

/** Keeps subscriptions, answers them, and tells of changes. Returns the node behind which the answers arrive. */
function declareRightSide(scope: Scope, node: ForeignKeyJoinNode, requestSource: GraphNode): GraphNode {
  const { builder } = scope;
  const [own, other] = [scope.table(node.of), scope.table(node.with)];
  const name = (suffix: string, prefix: string): string => builder.suffixedNameOr(node.named, suffix, prefix);
  const storeName = name('-subscription-store', `${PREFIX}SUBSCRIPTION-STATE-STORE-`);
  const store = plainStore({
    name: storeName,
    kind: 'subscription',
    key: own.key,
    value: subscriptionSerde(own.key),
    backend: 'rocksDB',
    logging: true,
  });
  builder.add(builder.root, new GraphNode(storeName, (topology) => topology.addStateStore(store)));
  const processor = `${PREFIX}SUBSCRIPTION-PROCESSOR-`;
  const receiver = new SubscriptionReceiveSupplier({ storeName, foreignKey: other.key, primaryKey: own.key });
  const receive = processorGraphNode(name('-subscription-receive', processor), receiver, {
    connect: () => [storeName],
  });
  builder.add(requestSource, receive);
  const foreignValues = other.supplier.view();
  const join = processorGraphNode(
    name('-subscription-join-foreign', processor),
    new SubscriptionJoinSupplier(foreignValues),
    { connect: () => foreignValues.storeNames },
  );
  builder.add(receive, join);
  const foreign = new ForeignTableJoinSupplier(storeName, other.key);
  const foreignJoin = processorGraphNode(name('-foreign-join-subscription', processor), foreign, {
    connect: () => [storeName],
    traits: { onVersionedParent: () => void (foreign.useVersionedSemantics = true) },
  });
  builder.add(other.node, foreignJoin);
  const responses: Channel = {
    topic: `${name('-subscription-response', `${PREFIX}SUBSCRIPTION-RESPONSE-`)}-topic`,
    key: own.key,
    value: subscriptionResponseSerde(other.value),
    partitionOf: (value) => (value as SubscriptionResponse).primaryPartition,
  };
  builder.topology.addInternalTopic({ name: responses.topic, partitions: undefined });
  const sink = sinkNode(name('-subscription-response-sink', 'KTABLE-SINK-'), responses);
  builder.add([join, foreignJoin], sink);
  const source = sourceNode(name('-subscription-response-source', 'KTABLE-SOURCE-'), responses);
  builder.add(sink, source);
  return source;
}

/** Joins the answers with the rows that asked. */
function declareResult(scope: Scope, node: ForeignKeyJoinNode, responses: GraphNode): void {
  const { builder } = scope;
  const [own, other] = [scope.table(node.of), scope.table(node.with)];
  const joined = joiner(node.joiner, own.value, other.value);
  const sources = new Set([...own.sources, responses.name]);
  builder.topology.copartition(sources);
  const rows = own.supplier.view();
  const resolver = builder.suffixedNameOr(
    node.named,
    '-subscription-response-resolver',
    `${PREFIX}SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-`,
  );
  const responseJoin = new ResponseJoinSupplier({
    table: rows,
    value: own.value,
    joiner: (left, right) => joined.apply(null, left, right),
    left: node.type === 'left',
  });
  const resolve = processorGraphNode(resolver, responseJoin, { connect: () => rows.storeNames });
  builder.add(responses, resolve);
  const name = builder.suffixedNameOr(node.named, '-result', `${PREFIX}OUTPUT-`);
  const materialized = materialize(builder, node, `${PREFIX}OUTPUT-`);
  const supplier = new TableSourceSupplier(materialized.storeName, materialized.queryable);
  const graphNode = processorGraphNode(name, supplier, {
    store: () => {
      if (!supplier.materialized) return undefined;
      return tableStore(materialized, own.key, joined.serde, builder.config);
    },
    traits: { outputVersioned: node.versioned !== undefined },
  });
  builder.add(resolve, graphNode);
  const { key } = own;
  scope.define(node.id, new TableRef({ name, key, value: joined.serde, node: graphNode, sources, supplier }));
}
