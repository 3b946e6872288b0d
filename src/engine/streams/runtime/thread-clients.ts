import { createAdmin, type Admin } from '../../client/admin/admin-state.ts';
import { STREAMS_ASSIGNOR } from '../../client/consumer/assignor/strategy.ts';
import { createConsumer } from '../../client/consumer/consumer.ts';
import type { Consumer } from '../../client/consumer/consumer-state.ts';
import { bootstrapList } from '../../client/programs/bootstrap.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { clientNameOf } from './client-names.ts';
import { mainConsumerConfig, restoreConsumerConfig, type StreamsInstanceConfig } from './instance-config.ts';
import type { StreamThread } from './stream-thread.ts';

/** Whose clients they are. */
export type ThreadIdentity = Pick<StreamThread, 'config' | 'name' | 'index'>;

const place = ({ bootstrap, before }: StreamsInstanceConfig, prefix: string, clientId: string) => ({
  prefix,
  clientId,
  bootstrap: bootstrapList(bootstrap),
  before,
});

/** The consumer of the thread's input, a member of the group `application.id`. */
export const newMainConsumer = (context: NodeContext, { config, name, index }: ThreadIdentity): Consumer =>
  createConsumer(context, {
    ...place(config, 'main', `${name}-consumer`),
    config: mainConsumerConfig(planOf(config).settings, index),
    groupId: config.applicationId,
    assignor: STREAMS_ASSIGNOR,
  });

/** The consumer of changelogs, outside of any group. */
export const newRestoreConsumer = (context: NodeContext, { config, name }: ThreadIdentity): Consumer =>
  newOutsider(context, config, { prefix: 'restore', clientId: `${name}-restore-consumer` });

/** The consumer of global tables: one for the process. */
export const newGlobalConsumer = (
  context: NodeContext,
  config: StreamsInstanceConfig,
  processId: string,
): Consumer =>
  newOutsider(context, config, {
    prefix: 'global',
    clientId: `${clientNameOf(config.applicationId, processId)}-global-consumer`,
  });

const newOutsider = (
  context: NodeContext,
  config: StreamsInstanceConfig,
  { prefix, clientId }: { readonly prefix: string; readonly clientId: string },
): Consumer =>
  createConsumer(context, {
    ...place(config, prefix, clientId),
    config: restoreConsumerConfig(planOf(config).settings),
    groupId: '',
  });

/** The administrator that all threads of a process share. */
export const newAdmin = (config: StreamsInstanceConfig, processId: string): Admin =>
  createAdmin({
    ...place(config, 'admin', `${clientNameOf(config.applicationId, processId)}-admin`),
    config: restoreConsumerConfig(planOf(config).settings),
  });
