import { createAdmin, type Admin } from '../../client/admin/admin-state.ts';
import { STREAMS_ASSIGNOR } from '../../client/consumer/assignor/strategy.ts';
import { createConsumer } from '../../client/consumer/consumer.ts';
import type { Consumer } from '../../client/consumer/consumer-state.ts';
import { bootstrapList } from '../../client/programs/bootstrap.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { mainConsumerConfig, restoreConsumerConfig, type StreamsInstanceConfig } from './instance-config.ts';

const place = ({ applicationId, instance, bootstrap, before }: StreamsInstanceConfig, prefix: string) => ({
  prefix,
  clientId: `${applicationId}-${instance}-${prefix}`,
  bootstrap: bootstrapList(bootstrap),
  before,
});

/** The consumer of the thread's input, a member of the group `application.id`. */
export const newMainConsumer = (context: NodeContext, config: StreamsInstanceConfig): Consumer =>
  createConsumer(context, {
    ...place(config, 'main'),
    config: mainConsumerConfig(planOf(config).settings),
    groupId: config.applicationId,
    assignor: STREAMS_ASSIGNOR,
  });

/** A consumer outside of any group: of changelogs, or of global tables. */
export const newOutsider = (
  context: NodeContext,
  config: StreamsInstanceConfig,
  prefix: 'restore' | 'global',
): Consumer =>
  createConsumer(context, {
    ...place(config, prefix),
    config: restoreConsumerConfig(planOf(config).settings),
    groupId: '',
  });

export const newAdmin = (config: StreamsInstanceConfig): Admin =>
  createAdmin({ ...place(config, 'admin'), config: restoreConsumerConfig(planOf(config).settings) });
