import type { TraceEventData } from '../../api/trace-event.ts';
import { ANCHORS } from '../../api/anchors.ts';
import type { NodeId } from '../../api/ids.ts';
import { MUST_REACH } from './must-reach.ts';
import type { SwarmRun } from './swarm-run.ts';

/** Whether an event is it; the memory is one run's, and the sight's own. */
type Sight = (data: TraceEventData, node: NodeId, memory: Map<string, NodeId>) => boolean;

const refused =
  (error: string): Sight =>
  (data) =>
    data.type === 'produce-refused' && data.error === error;

const retried =
  (error: string): Sight =>
  (data) =>
    data.type === 'batch-retried' && data.error === error;

const commitFailed =
  (error: string): Sight =>
  (data) =>
    data.type === 'commit-failed' && data.error === error;

const act =
  (type: string): Sight =>
  (data) =>
    data.type === 'command' && data.act.type === type;

/** The end of a transaction that one coordinator has decided is completed by another. */
const completedElsewhere: Sight = (data, node, memory) => {
  if (data.type !== 'transaction-changed') return false;
  const decidedBy = memory.get(data.transactionalId);
  if (data.state === 'PrepareCommit') memory.set(data.transactionalId, node);
  else memory.delete(data.transactionalId);
  return data.state === 'CompleteCommit' && decidedBy !== undefined && decidedBy !== node;
};

/** What has to happen somewhere in the swarm: rules that are never put to the test hold in vain. */
const SIGHTS: Readonly<Record<string, Sight>> = {
  'a broker crashed': act('crash'),
  'a machine lost with its disk': act('wipe-disk'),
  'a crash at a step of a transaction’s end': (data) =>
    data.type === 'crashed-at' && ANCHORS[data.anchor] === 'broker',
  'a crash at a step of an application’s commit': (data) =>
    data.type === 'crashed-at' && ANCHORS[data.anchor] === 'streams-instance',
  'a broker lost power': act('power-off'),
  'an orderly stop': act('shut-down'),
  'a pause': act('pause'),
  'a cut link': act('cut-link'),
  'a slow link': act('slow-link'),
  'a broker fenced because its session expired': (data) =>
    data.type === 'broker-fenced' && data.reason === 'session expired',
  'leadership moved to another broker': (data) =>
    data.type === 'leader-elected' && data.from >= 0 && data.to >= 0 && data.from !== data.to,
  'the ISR fell to its minimum of two': (data) =>
    data.type === 'isr-changed' && data.before.length > 2 && data.after.length === 2,
  'the ISR fell below its minimum': (data) =>
    data.type === 'isr-changed' && data.before.length >= 2 && data.after.length < 2,
  'a replica elected that was not in sync and eligible': (data) =>
    data.type === 'isr-changed' && data.after.length === 1 && !data.before.some((id) => id === data.after[0]),
  'a commit that was decided completed by the next coordinator': completedElsewhere,
  'records cut where the leader’s log parted': (data) => data.type === 'log-truncated' && data.to < data.from,
  'a leader changed under a batch that was not acknowledged': retried('NOT_LEADER_OR_FOLLOWER'),
  'an answer to a batch was lost': retried('NETWORK_EXCEPTION'),
  'a duplicate answered from the last batches': (data) => data.type === 'duplicate-answered',
  'a sequence out of order refused': refused('OUT_OF_ORDER_SEQUENCE_NUMBER'),
  'too few in sync for a write': refused('NOT_ENOUGH_REPLICAS'),
  'a batch given up without knowing': (data) => data.type === 'batch-failed' && data.outcome === 'unknown',
  'a transaction committed': (data) => data.type === 'transaction-changed' && data.state === 'CompleteCommit',
  'a transaction aborted': (data) => data.type === 'transaction-changed' && data.state === 'CompleteAbort',
  'a log cleaned': (data) => data.type === 'log-cleaned',
  'a member put out because its session expired': (data) =>
    data.type === 'member-removed' && data.reason === 'session expired',
  'a commit of somebody put out refused': commitFailed('UNKNOWN_MEMBER_ID'),
  'a commit during a rebalance refused': commitFailed('REBALANCE_IN_PROGRESS'),
  'a task restored from its changelog': (data) => data.type === 'task-running' && data.restored > 0,
};

/** Takes down which of these were met with, and what else was reached, over many runs. */
export class Sometimes {
  private readonly seen = new Map<string, number>();

  /** Looks at a run that is over. */
  add({ kernel, reach }: SwarmRun): void {
    const open = Object.entries(SIGHTS).map(([name, sight]) => ({
      name,
      sight,
      memory: new Map<string, NodeId>(),
    }));
    const met = new Set(reach.met);
    for (const { data, node } of kernel.state.trace)
      for (const { name, sight, memory } of open)
        if (!met.has(name) && sight(data as TraceEventData, node, memory)) met.add(name);
    for (const name of met) this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  /** In how many runs each was met with: what has to be, in any case, and everything else that was. */
  counts(): Readonly<Record<string, number>> {
    const names = new Set([...Object.keys(SIGHTS), ...MUST_REACH, ...this.seen.keys()]);
    return Object.fromEntries([...names].map((name) => [name, this.seen.get(name) ?? 0]));
  }
}
