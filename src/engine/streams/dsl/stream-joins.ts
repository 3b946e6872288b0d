import { keyFunction } from '../functions/key-functions.ts';
import { joiner, type Joiner } from '../functions/joiners.ts';
import { JoinWindowPutSupplier } from '../joins/join-window-put.ts';
import { joinWindowsOf, type JoinWindows } from '../joins/join-windows.ts';
import { StreamStreamJoinSupplier, type StreamJoinOptions } from '../joins/stream-stream-join.ts';
import { StreamSelfJoinSupplier } from '../joins/stream-self-join.ts';
import { notVersioned, StreamTableJoinSupplier } from '../joins/stream-table-join.ts';
import { PassThroughSupplier } from '../operators/pass-through.ts';
import type { Serde } from '../serdes/serde.ts';
import { segmentIntervalFor } from '../state-stores/retention.ts';
import type { SidedValue } from '../state-stores/outer-join-buffer.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import { StreamsError } from '../task/streams-error.ts';
import { GraphNode } from '../topology/graph-node.ts';
import type { InternalTopologyBuilder } from '../topology/internal-topology-builder.ts';
import type { StreamGlobalJoinNode, StreamJoinNode, StreamTableJoinNode } from '../topology/topology-node.ts';
import { plainStore } from './store-definitions.ts';
import { addProcessor, processorGraphNode } from './processor-graph-node.ts';
import type { StreamRef } from './refs.ts';
import { repartitionNode } from './repartition-node.ts';
import type { Scope } from './scope.ts';
import { derive } from './derive.ts';

/** A stream whose key changed goes through a repartition topic before it is joined. Joins of one stream share it. */
function repartitionForJoin(scope: Scope, stream: StreamRef, prefix: string): StreamRef {
  const { builder } = scope;
  const fresh = repartitionNode(builder, prefix, stream);
  if (stream.joinRepartition === undefined || prefix !== stream.name) {
    stream.joinRepartition = fresh;
    builder.add(stream.node, fresh);
    if (prefix === stream.name) builder.unnamed.repartitions.push(`${prefix}-repartition`);
  }
  const node = stream.joinRepartition;
  return {
    ...stream,
    name: fresh.name,
    node,
    sources: new Set([fresh.name]),
    repartitionRequired: false,
    joinRepartition: undefined,
  };
}

interface JoinNames {
  readonly thisWindowed: string;
  readonly otherWindowed: string;
  readonly thisJoin: string;
  readonly otherJoin: string;
  readonly merge: string;
  readonly thisStore: string;
  readonly otherStore: string;
  readonly buffer: string;
}

function joinNames({ builder }: Scope, node: StreamJoinNode): JoinNames {
  const [leftOuter, rightOuter] = [node.type !== 'inner', node.type === 'outer'];
  const { named, as } = node;
  const thisSuffix = rightOuter ? '-outer-this-join' : '-this-join';
  const otherSuffix = leftOuter ? '-outer-other-join' : '-other-join';
  const thisWindowed = builder.suffixedNameOr(named, '-this-windowed', 'KSTREAM-WINDOWED-');
  const otherWindowed = builder.suffixedNameOr(named, '-other-windowed', 'KSTREAM-WINDOWED-');
  const thisGenerated = builder.newProcessorName(rightOuter ? 'KSTREAM-OUTERTHIS-' : 'KSTREAM-JOINTHIS-');
  const otherGenerated = builder.newProcessorName(leftOuter ? 'KSTREAM-OUTEROTHER-' : 'KSTREAM-JOINOTHER-');
  const shared = rightOuter ? '-outer-shared-join' : '-left-shared-join';
  const number = thisGenerated.slice(thisGenerated.lastIndexOf('-') + 1);
  return {
    thisWindowed,
    otherWindowed,
    thisJoin: named === undefined ? thisGenerated : named + thisSuffix,
    otherJoin: named === undefined ? otherGenerated : named + otherSuffix,
    merge: builder.suffixedNameOr(named, '-merge', 'KSTREAM-MERGE-'),
    thisStore: `${as === undefined ? thisGenerated : as + thisSuffix}-store`,
    otherStore: `${as === undefined ? otherGenerated : as + otherSuffix}-store`,
    buffer: `${as === undefined ? `KSTREAM-OUTERSHARED-${number}` : as + shared}-store`,
  };
}

interface JoinStores {
  readonly own: StoreDefinition;
  readonly other: StoreDefinition;
  readonly buffer: StoreDefinition | undefined;
}

/** Left and right values under one store: the first byte says which. */
function eitherSerde(left: Serde, right: Serde): Serde {
  const name = `either(${left.name},${right.name})`;
  return {
    name,
    serialize(value) {
      const { side, item } = value as SidedValue;
      return side === 'left' ? `\x01${left.serialize(item)}` : `\0${right.serialize(item)}`;
    },
    deserialize(bytes): SidedValue {
      if (bytes.startsWith('\x01')) return { side: 'left', item: left.deserialize(bytes.slice(1)) };
      return { side: 'right', item: right.deserialize(bytes.slice(1)) };
    },
  };
}

function joinStores(
  { builder }: Scope,
  node: StreamJoinNode,
  names: JoinNames,
  { stream, other, windows }: { stream: StreamRef; other: StreamRef; windows: JoinWindows },
): JoinStores {
  const windowSize = windows.before + windows.after;
  const retention = windowSize + windows.grace;
  const common = {
    key: stream.key,
    backend: builder.config.storeBackend,
    logging: node.logging !== false,
  };
  const windowed = {
    retention,
    windowSize,
    retainDuplicates: true,
    segmentInterval: segmentIntervalFor(retention),
  };
  const values = eitherSerde(stream.value, other.value);
  if (node.as === undefined) {
    const made = [names.thisStore, names.otherStore, ...(node.type === 'inner' ? [] : [names.buffer])];
    builder.noteUnnamed(made, common.logging);
  }
  return {
    own: plainStore({ ...common, ...windowed, name: names.thisStore, kind: 'window', value: stream.value }),
    other: plainStore({ ...common, ...windowed, name: names.otherStore, kind: 'window', value: other.value }),
    buffer:
      node.type === 'inner'
        ? undefined
        : plainStore({ ...common, name: names.buffer, kind: 'outerJoinBuffer', value: values }),
  };
}

export function declareStreamJoin(scope: Scope, node: StreamJoinNode): void {
  const { builder } = scope;
  let [stream, other] = [scope.stream(node.of), scope.stream(node.with)];
  const windows = joinWindowsOf(node.window);
  const joined = joiner(node.joiner, stream.value, other.value);
  const { named } = node;
  if (stream.repartitionRequired)
    stream = repartitionForJoin(scope, stream, named === undefined ? stream.name : `${named}-left`);
  if (other.repartitionRequired)
    other = repartitionForJoin(scope, other, named === undefined ? other.name : `${named}-right`);
  const sources = new Set([...stream.sources, ...other.sources]);
  builder.topology.copartition(sources);
  const names = joinNames(scope, node);
  const stores = joinStores(scope, node, names, { stream, other, windows });
  builder.add(
    stream.node,
    processorGraphNode(names.thisWindowed, new JoinWindowPutSupplier(names.thisStore)),
  );
  builder.add(
    other.node,
    processorGraphNode(names.otherWindowed, new JoinWindowPutSupplier(names.otherStore)),
  );
  const join = joinGraphNode(node, names, { stores, windows, joined });
  builder.add([stream.node, other.node], join);
  scope.define(node.id, {
    ...stream,
    name: names.merge,
    value: joined.serde,
    node: join,
    sources,
    repartitionRequired: false,
    joinRepartition: undefined,
  });
}

interface JoinParts {
  readonly stores: JoinStores;
  readonly windows: JoinWindows;
  readonly joined: Joiner;
}

function joinGraphNode(node: StreamJoinNode, names: JoinNames, parts: JoinParts): GraphNode {
  const facts = { thisWindowed: names.thisWindowed, otherWindowed: names.otherWindowed, selfJoin: false };
  const write = (topology: InternalTopologyBuilder): void => {
    if (facts.selfJoin) writeSelfJoin(topology, names, parts);
    else writeJoin(topology, node, names, parts);
  };
  return new GraphNode(names.merge, write, { streamJoin: facts, nullKeyRelaxed: node.type !== 'inner' });
}

function writeSelfJoin(topology: InternalTopologyBuilder, names: JoinNames, parts: JoinParts): void {
  const { stores, windows, joined } = parts;
  const supplier = new StreamSelfJoinSupplier({ storeName: names.thisStore, windows, joiner: joined.apply });
  addProcessor(topology, names.merge, supplier, [names.thisWindowed]);
  topology.addStateStore(stores.own, [names.thisWindowed, names.merge]);
}

function writeJoin(
  topology: InternalTopologyBuilder,
  node: StreamJoinNode,
  names: JoinNames,
  { stores, windows, joined }: JoinParts,
): void {
  const common = {
    bufferStore: stores.buffer?.name,
    windows,
    joiner: joined.apply,
    clock: `${names.merge}-clock`,
  };
  const left: StreamJoinOptions = {
    ...common,
    side: 'left',
    otherStore: names.otherStore,
    outer: node.type !== 'inner',
  };
  const right: StreamJoinOptions = {
    ...common,
    side: 'right',
    otherStore: names.thisStore,
    outer: node.type === 'outer',
  };
  addProcessor(topology, names.thisJoin, new StreamStreamJoinSupplier(left), [names.thisWindowed]);
  addProcessor(topology, names.otherJoin, new StreamStreamJoinSupplier(right), [names.otherWindowed]);
  addProcessor(topology, names.merge, new PassThroughSupplier(), [names.thisJoin, names.otherJoin]);
  topology.addStateStore(stores.own, [names.thisWindowed, names.otherJoin]);
  topology.addStateStore(stores.other, [names.otherWindowed, names.thisJoin]);
  if (stores.buffer !== undefined) topology.addStateStore(stores.buffer, [names.thisJoin, names.otherJoin]);
}

export function declareStreamTableJoin(scope: Scope, node: StreamTableJoinNode): void {
  const { builder } = scope;
  let stream = scope.stream(node.of);
  const table = scope.table(node.with);
  const left = node.type === 'left';
  const joined = joiner(node.joiner, stream.value, table.value);
  if (stream.repartitionRequired) stream = repartitionForJoin(scope, stream, node.named ?? stream.name);
  const sources = new Set([...stream.sources, ...table.sources]);
  builder.topology.copartition(sources);
  const name = builder.nameOr(node.named, left ? 'KSTREAM-LEFTJOIN-' : 'KSTREAM-JOIN-');
  const getter = table.supplier.view();
  const { grace } = node;
  const bufferStore = `${name}-Buffer`;
  if (grace !== undefined) addGraceBuffer(scope, node, bufferStore);
  if (grace !== undefined && node.named === undefined) builder.noteUnnamed([bufferStore], true);
  const supplier = new StreamTableJoinSupplier({
    table: getter,
    joiner: joined.apply,
    left,
    keyOf: (key) => key,
    grace: grace === undefined ? undefined : { ms: grace, bufferStore },
  });
  const graphNode = new GraphNode(
    name,
    (topology, graph) => {
      addProcessor(topology, name, supplier, graph.parentNames());
      if (grace !== undefined) topology.connect([name], [bufferStore]);
      topology.connect([name], getter.storeNames);
      if (grace === undefined) return;
      for (const store of getter.storeNames) checkGrace(topology, store, grace);
    },
    left ? { nullKeyRelaxed: true } : {},
  );
  builder.add(stream.node, graphNode);
  scope.define(node.id, {
    ...stream,
    name,
    value: joined.serde,
    node: graphNode,
    sources,
    repartitionRequired: false,
    joinRepartition: undefined,
  });
}

function addGraceBuffer(scope: Scope, node: StreamTableJoinNode, name: string): void {
  const { builder } = scope;
  const [stream, table] = [scope.stream(node.of), scope.table(node.with)];
  if (table.node.traits.outputVersioned === false) throw notVersioned();
  const { key, value } = stream;
  const store = plainStore({ name, kind: 'graceBuffer', key, value, backend: 'rocksDB', logging: true });
  builder.add(builder.root, new GraphNode(name, (topology) => topology.addStateStore(store)));
}

function checkGrace(topology: InternalTopologyBuilder, storeName: string, grace: number): void {
  const store = topology.stores.get(storeName)?.definition;
  if (store?.kind !== 'versioned') throw notVersioned();
  if (grace > store.historyRetention)
    throw new StreamsError('IllegalArgumentException', 'History retention must be at least grace period.');
}

export function declareStreamGlobalJoin(scope: Scope, node: StreamGlobalJoinNode): void {
  const stream = scope.stream(node.of);
  const table = scope.of(node.with, 'globalTable');
  const left = node.type === 'left';
  const joined = joiner(node.joiner, stream.value, table.value);
  const keyOf = keyFunction(node.keyFn, stream.key).apply;
  // Even an inner join is named so.
  const name = scope.builder.nameOr(node.named, 'KSTREAM-LEFTJOIN-');
  const supplier = new StreamTableJoinSupplier({
    table: table.getter,
    joiner: joined.apply,
    left,
    keyOf,
    grace: undefined,
  });
  const traits = left ? { nullKeyRelaxed: true } : {};
  scope.define(node.id, derive(scope, stream, { name, supplier, traits, value: joined.serde }));
}
