import type { ClusterView } from '../../api/cluster-view.ts';
import type { NodeId } from '../../api/ids.ts';
import type { Aim } from '../swarm/aims.ts';
import type { Script, SwarmRun } from '../swarm/swarm-run.ts';

const TOPIC = 'clicks';
const NAME = 'clicks-0';

const registered = (view: ClusterView) => view.partition(TOPIC, 0);

const nodeOf = ({ brokers }: ClusterView, id: number | undefined): NodeId | undefined =>
  brokers.find((broker) => broker.id === id)?.node;

/** Who leads by its own word and the controller's, if this holds as well. */
const leaderIf =
  (isSo: (view: ClusterView, node: NodeId) => boolean): Aim =>
  (view) => {
    const node = nodeOf(view, registered(view)?.leader);
    const leads = view.brokers.some(
      (broker) =>
        broker.node === node && broker.replicas.some(({ name, role }) => name === NAME && role === 'leader'),
    );
    return node !== undefined && leads && isSo(view, node) ? node : undefined;
  };

function cutBrokers(run: SwarmRun, type: 'cut-link' | 'heal-link'): void {
  for (const [a, b] of [
    ['b1', 'b2'],
    ['b2', 'b3'],
    ['b1', 'b3'],
  ] as const)
    run.act({ type, a, b });
}

/**
 * Who stood in for the preferred leader has records that nobody has copied when that one leads again, which writes others
 * and is gone before anybody has copied those.
 */
export const twoFailovers: Script = (run) => {
  const preferred = run.runToAim(leaderIf(() => true));
  if (preferred === undefined) return;
  run.act({ type: 'shut-down', node: preferred });
  run.runToAim(({ brokers }) =>
    brokers.some(({ node, status }) => node === preferred && status === 'down') ? preferred : undefined,
  );
  run.act({ type: 'start', node: preferred });
  run.runToAim(leaderIf((view, node) => node !== preferred && registered(view)?.isr.length === 3));
  cutBrokers(run, 'cut-link');
  run.runToAim(leaderIf((_, node) => node === preferred));
  run.runFor(900);
  run.act({ type: 'crash', node: preferred });
  run.runToAim(leaderIf((_, node) => node !== preferred));
  cutBrokers(run, 'heal-link');
  run.runFor(1_500);
  run.act({ type: 'start', node: preferred });
};
