import { joiner } from '../functions/joiners.ts';
import { sidesOf, TableJoinMergeSupplier, TableJoinSideSupplier } from '../joins/table-table-join.ts';
import { GraphNode } from '../topology/graph-node.ts';
import type { TableJoinNode } from '../topology/topology-node.ts';
import { materialize } from './materialized.ts';
import { saysMaterialized, tableStore } from './store-definitions.ts';
import { addProcessor } from './processor-graph-node.ts';
import { TableRef } from './refs.ts';
import type { Scope } from './scope.ts';

export function declareTableJoin(scope: Scope, node: TableJoinNode): void {
  const { builder } = scope;
  const [own, other] = [scope.table(node.of), scope.table(node.with)];
  const joined = joiner(node.joiner, own.value, other.value);
  const materialized = saysMaterialized(node) ? materialize(builder, node, 'KTABLE-MERGE-') : undefined;
  const merge = builder.nameOr(node.named, 'KTABLE-MERGE-');
  const sources = new Set([...own.sources, ...other.sources]);
  builder.topology.copartition(sources);
  const [leftOuter, rightOuter] = [node.type !== 'inner', node.type === 'outer'];
  if (leftOuter) own.enableSendingOldValues(true);
  if (rightOuter) other.enableSendingOldValues(true);
  const [needsLeft, needsRight] = [!rightOuter, !leftOuter];
  const { apply } = joined;
  const thisSide = new TableJoinSideSupplier({
    own,
    other,
    needsOwn: needsLeft,
    needsOther: needsRight,
    joiner: sidesOf(apply, false),
  });
  const otherSide = new TableJoinSideSupplier({
    own: other,
    other: own,
    needsOwn: needsRight,
    needsOther: needsLeft,
    joiner: sidesOf(apply, true),
  });
  const thisName = builder.suffixedNameOr(node.named, '-join-this', 'KTABLE-JOINTHIS-');
  const otherName = builder.suffixedNameOr(node.named, '-join-other', 'KTABLE-JOINOTHER-');
  const supplier = new TableJoinMergeSupplier([thisSide, otherSide], materialized?.storeName);
  const [ownStores, otherStores] = [own.supplier.view().storeNames, other.supplier.view().storeNames];
  const graphNode = new GraphNode(
    merge,
    (topology) => {
      addProcessor(topology, thisName, thisSide, [own.name]);
      addProcessor(topology, otherName, otherSide, [other.name]);
      addProcessor(topology, merge, supplier, [thisName, otherName]);
      topology.connect([thisName], otherStores);
      topology.connect([otherName], ownStores);
      if (materialized === undefined) return;
      topology.addStateStore(tableStore(materialized, own.key, joined.serde, builder.config), [merge]);
    },
    {
      outputVersioned: node.versioned !== undefined,
      onVersionedParent: (parent) => {
        if (parent === own.name) thisSide.useVersionedSemantics = true;
        if (parent === other.name) otherSide.useVersionedSemantics = true;
      },
    },
  );
  builder.add(own.node, graphNode);
  builder.add(other.node, graphNode);
  const { key } = own;
  scope.define(
    node.id,
    new TableRef({ name: merge, key, value: joined.serde, node: graphNode, sources, supplier }),
  );
}
