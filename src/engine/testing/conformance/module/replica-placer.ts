import { placeReplicas, type UsableBroker } from '../../../controller/replica-placer.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, type Json } from '../case-file.ts';

/** StripedReplicaPlacer with a random source whose every draw is 0. */
export const replicaPlacerAdapter: Adapter = {
  check({ given, expect }, comparison) {
    // A placement does not depend on the number of the first partition.
    onlyFields(given, ['module', 'brokers', 'startPartition', 'partitions', 'replicationFactor'], 'replica-placer');
    const placed = placeReplicas(
      {
        brokers: listOf(given.brokers, 'brokers').map(brokerOf),
        partitions: numberOf(given.partitions, 'partitions'),
        replicationFactor: numberOf(given.replicationFactor, 'replicationFactor'),
      },
      () => 0,
    );
    const actual = placed.ok
      ? { assignments: placed.value }
      : { error: 'InvalidReplicationFactorException', message: placed.error };
    comparison.compare(actual, expect);
  },
};

function brokerOf(given: Json): UsableBroker {
  const { id, rack, fenced } = objectOf(given, 'broker');
  return {
    id: numberOf(id, 'broker id'),
    rack: rack === null ? null : textOf(rack, 'rack'),
    fenced: fenced === true,
  };
}
