import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { NodeEntity } from '../../engine/api/entities/node.ts';
import type { Names } from './caption.ts';
import { count } from './number-format.ts';

/** One machine's part in the metadata log. */
export interface QuorumLine {
  readonly id: EntityId;
  readonly name: string;
  /** `leader`, `follower`, `DOWN`, `observer`. */
  readonly role: string;
  readonly strong: boolean;
  readonly epoch: string;
  /** Offset that its log, or what it has applied, ends at. */
  readonly end: string;
  /** Offset up to which it knows the log to be committed; '' for brokers. */
  readonly committed: string;
  /** Committed records that it does not have yet; a dash while it is down. */
  readonly lag: string;
  readonly behind: boolean;
}

export interface QuorumTable {
  /** `K1 leads in epoch 3, 3 of 3 voters up, committed up to 214`. */
  readonly sentence: string;
  readonly lines: readonly QuorumLine[];
}

/** The controllers that agree on the cluster's metadata, and how far the brokers follow; null without controllers. */
export function quorumTable(entities: ReadonlyMap<EntityId, Entity>, names: Names): QuorumTable | null {
  const nodes = [...entities.values()].filter((entity): entity is NodeEntity => entity.kind === 'node');
  const controllers = nodes.filter(({ role }) => role === 'controller');
  if (controllers.length === 0) return null;
  const brokers = nodes.filter(({ role }) => role === 'broker');
  const committed = committedOf(controllers);
  return {
    sentence: sentenceOf(controllers, names, committed),
    lines: [
      ...controllers.map((node) => controllerLine(node, committed)),
      ...brokers.map((node) => brokerLine(node, committed)),
    ],
  };
}

/** What the best informed controller knows to be committed. */
const committedOf = (controllers: readonly NodeEntity[]): number =>
  Math.max(0, ...controllers.map(({ controller }) => controller?.committedOffset ?? 0));

function sentenceOf(controllers: readonly NodeEntity[], names: Names, committed: number): string {
  const [active] = controllers
    .filter(({ controller, status }) => controller?.active === true && status === 'up')
    .sort((a, b) => (b.controller?.epoch ?? 0) - (a.controller?.epoch ?? 0));
  const up = controllers.filter(({ status }) => status === 'up').length;
  const led =
    active === undefined
      ? 'Nobody leads'
      : `${names.node(active.id)} leads in epoch ${count(active.controller?.epoch ?? 0)}`;
  const voters = `${up} of ${controllers.length} ${controllers.length === 1 ? 'voter' : 'voters'} up`;
  return `${led}, ${voters}, metadata committed up to ${count(committed)}`;
}

function controllerLine(node: NodeEntity, committed: number): QuorumLine {
  const { id, label, status, controller } = node;
  const lag = controller === undefined ? -1 : Math.max(0, committed - controller.logEnd);
  return {
    id,
    name: label,
    role: status !== 'up' ? status.toUpperCase() : (controller?.role ?? ''),
    strong: controller?.role === 'leader',
    epoch: controller === undefined ? '–' : count(controller.epoch),
    end: controller === undefined ? '–' : count(controller.logEnd),
    committed: controller === undefined ? '–' : count(controller.committedOffset),
    lag: lag < 0 ? '–' : count(lag),
    behind: lag > 0,
  };
}

function brokerLine({ id, label, status, broker }: NodeEntity, committed: number): QuorumLine {
  const lag = metadataLag(broker?.metadataOffset, committed);
  return {
    id,
    name: label,
    role: status !== 'up' ? status.toUpperCase() : broker?.fenced === true ? 'observer, FENCED' : 'observer',
    strong: false,
    epoch: '',
    end: broker?.metadataOffset === undefined ? '–' : count(broker.metadataOffset + 1),
    committed: '',
    lag: lag < 0 ? '–' : count(lag),
    behind: lag > 0,
  };
}

/** Committed records that a broker has not applied yet; −1 while it is down. */
export const metadataLag = (applied: number | undefined, committed: number): number =>
  applied === undefined ? -1 : Math.max(0, committed - 1 - applied);

/** The same for one broker among all that is known. */
export function metadataLagOf(entities: ReadonlyMap<EntityId, Entity>, broker: NodeEntity): number {
  const controllers = [...entities.values()].filter(
    (entity): entity is NodeEntity => entity.kind === 'node' && entity.role === 'controller',
  );
  return metadataLag(broker.broker?.metadataOffset, committedOf(controllers));
}
