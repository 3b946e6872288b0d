import type { Entity } from '../../engine/api/frame.ts';
import { moment, seconds } from '../view-model/number-format.ts';
import { linkState } from '../view-model/narration-scene.ts';
import { Facts, Readings } from './facts.tsx';
import { ApplicationState, GroupState, ProducerState, TaskState } from './state-clients.tsx';
import { TransactionState } from './state-transaction.tsx';
import { ClusterState, NodeState, PartitionState, TopicState } from './state-cluster.tsx';

/** How the selection is, in numbers. */
export function StateTab({ entity }: { readonly entity: Entity }) {
  switch (entity.kind) {
    case 'cluster':
      return <ClusterState cluster={entity} />;
    case 'node':
      return <NodeState node={entity} />;
    case 'topic':
      return <TopicState topic={entity} />;
    case 'partition':
      return <PartitionState partition={entity} />;
    case 'producer':
      return <ProducerState producer={entity} />;
    case 'application':
      return <ApplicationState application={entity} />;
    case 'task':
      return <TaskState task={entity} />;
    case 'group':
      return <GroupState group={entity} />;
    case 'transaction':
      return <TransactionState transaction={entity} />;
    case 'link':
      return (
        <>
          <Readings
            readings={[
              {
                value: entity.cut ? 'CUT' : seconds(entity.extraMicros / 1000),
                name: entity.cut ? 'state' : 'added delay',
              },
              { value: String(entity.held), name: 'messages held' },
            ]}
          />
          <Facts
            facts={[
              { name: 'state', value: linkState(entity.cut, entity.extraMicros) },
              { name: 'added each way', value: moment(entity.extraMicros) },
            ]}
          />
        </>
      );
  }
}
