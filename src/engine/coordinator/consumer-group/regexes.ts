import type { CoordinatorHost } from '../coordinator-host.ts';
import { NO_RECORDS, type Decision } from '../group/decision.ts';
import { consumerGroupOf, type GroupShard } from '../group/shard-state.ts';
import { subscribedRegexes, type ConsumerGroup } from './consumer-group.ts';
import { write, type Draft } from './draft.ts';
import { hasMetadataChanged, writeGroupEpoch } from './group-epoch.ts';

/** The topics of a group's expressions are not looked up more often than this, in ms. */
const REFRESH_INTERVAL_MIN_MS = 10_000;
/** Kafka's engine (RE2) repeats no more often than this. */
const REPEAT_MAX = 1_000;
/** What RE2 does not know: looking around, and what a group matched before. */
const NOT_IN_RE2 = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/** A pattern for whole names, undefined if Kafka's engine would not take the expression. */
function compile(regex: string): RegExp | undefined {
  const plain = regex.replace(/\\\\/g, '');
  const repeats = [...plain.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, from, to]) => [from, to]);
  if (NOT_IN_RE2.test(plain) || repeats.some((times) => Number(times ?? 0) > REPEAT_MAX)) return undefined;
  const flags = /^\(\?([ims]+)\)/.exec(regex);
  try {
    return new RegExp(`^(?:${regex.slice(flags?.[0].length ?? 0)})$`, flags?.[1] ?? '');
  } catch {
    return undefined;
  }
}

/** No expression at all is one too. */
export const isValidRegex = (regex: string): boolean => regex === '' || compile(regex) !== undefined;

const matching = (regex: string, names: readonly string[]): string[] => {
  const pattern = compile(regex);
  return names.filter((name) => pattern?.test(name) === true);
};

/** Whether the topics of the group's expressions are to be looked up (again). */
export function needsRefresh(group: ConsumerGroup, host: CoordinatorHost): boolean {
  const regexes = subscribedRegexes(group);
  if (regexes.length === 0) return false;
  const last = [...group.regexes.values()].reduce((newest, { timestamp }) => Math.max(newest, timestamp), 0);
  const { topics, config } = host;
  const now = host.wallClockMs();
  if (last > 0 && now <= last + REFRESH_INTERVAL_MIN_MS) return false;
  if (regexes.length !== group.regexes.size) return true;
  if (now > last + config['group.consumer.regex.refresh.interval.ms']) return true;
  const names = topics.names();
  return regexes.some((regex) => {
    const known = new Set(group.regexes.get(regex)?.topics);
    return matching(regex, names).some((name) => !known.has(name));
  });
}

/** Looks the topics up; if they are others than before the group needs another assignment. */
export function resolveRegexes(shard: GroupShard, groupId: string): Decision {
  const group = consumerGroupOf(shard, groupId);
  if (group === undefined) return NO_RECORDS;
  const { topics } = shard.host;
  const draft: Draft = { group, records: [] };
  const names = topics.names();
  let changed = false;
  for (const regex of subscribedRegexes(group)) {
    const matched = Object.freeze(matching(regex, names));
    changed ||= (group.regexes.get(regex)?.topics ?? []).join() !== matched.join();
    const value = Object.freeze({ topics: matched, timestamp: shard.host.wallClockMs() });
    write(draft, { type: 'ConsumerGroupRegularExpression', group: groupId, regex, value });
  }
  if (changed || hasMetadataChanged(draft.group, topics))
    writeGroupEpoch(draft, topics, group.groupEpoch + 1);
  return { records: draft.records };
}
