import type { SimDuration, SimTime } from '../base/time.ts';
import type { AdminAct } from './admin-act.ts';
import type { Anchor } from './anchors.ts';
import type { NodeId } from './ids.ts';
import type { QueryAct } from './query-act.ts';
import type { QuotaKey, QuotaOwner } from './quota.ts';

/** What a person may do to a running system. Plain data: commands are the only input of a run besides scenario and seed. */
export type CommandAct =
  /** SIGKILL: memory is lost, the disk keeps everything written. */
  | { readonly type: 'crash'; readonly node: NodeId }
  /** SIGKILL as soon as the process has come to this step once more than `passes` times: in its present life, or the next if it is down. */
  | { readonly type: 'crash-at'; readonly node: NodeId; readonly anchor: Anchor; readonly passes: number }
  /** The machine loses power: what was not flushed is lost too. */
  | { readonly type: 'power-off'; readonly node: NodeId }
  /** A broker's or an instance's machine is lost with its disk; an empty one, formatted, is in its place at the next start. */
  | { readonly type: 'wipe-disk'; readonly node: NodeId }
  /** SIGTERM: an orderly stop; a broker moves its leaders away first. */
  | { readonly type: 'shut-down'; readonly node: NodeId }
  | { readonly type: 'start'; readonly node: NodeId }
  /** Of an application's instance that is up: one more stream thread, or the first one less (KIP-663). */
  | { readonly type: 'add-stream-thread' | 'remove-stream-thread'; readonly node: NodeId }
  /** The disk of one of a broker's log directories fails (KIP-858); `directory` counts them from 0, as in `log.dirs`. */
  | { readonly type: 'fail-log-dir'; readonly node: NodeId; readonly directory: number }
  /** It works again from the broker's next start on: with what it held, or as an empty disk that was formatted. */
  | {
      readonly type: 'repair-log-dir';
      readonly node: NodeId;
      readonly directory: number;
      readonly empty: boolean;
    }
  /** SIGSTOP, or a long garbage collection. */
  | { readonly type: 'pause'; readonly node: NodeId }
  | { readonly type: 'resume'; readonly node: NodeId }
  | { readonly type: 'cut-link'; readonly a: NodeId; readonly b: NodeId }
  | { readonly type: 'heal-link'; readonly a: NodeId; readonly b: NodeId }
  /** Adds a delay in each direction; 0 takes it away. */
  | { readonly type: 'slow-link'; readonly a: NodeId; readonly b: NodeId; readonly extraMicros: SimDuration }
  /** Sets a configuration value; null goes back to the default. */
  | {
      readonly type: 'set-config';
      readonly target: ConfigTarget;
      readonly key: string;
      readonly value: string | null;
    }
  /** Sets a quota; null takes it away. */
  | SetQuota
  /** Asks a store of an application (KIP-67). */
  | QueryAct
  | AdminAct;

export interface SetQuota extends QuotaOwner {
  readonly type: 'set-quota';
  readonly key: QuotaKey;
  readonly value: number | null;
}

/** What has a configuration. A cluster-wide broker default is `brokers`. */
export type ConfigTarget =
  | { readonly kind: 'broker'; readonly node: NodeId }
  | { readonly kind: 'brokers' }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'client'; readonly node: NodeId };

/**
 * An act at its time. It happens before all other events of that microsecond; a person's act at the moment `now` gets
 * the time `now + 1`, so a run replayed from its commands is the run that was seen.
 */
export interface Command {
  readonly id: number;
  readonly at: SimTime;
  readonly act: CommandAct;
  /** A disabled command stays on the timeline but does not happen. */
  readonly disabled?: boolean;
}
