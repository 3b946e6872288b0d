import type { ConfigProblem } from './config-rule.ts';

/** Parts of `topology.optimization` that can be chosen one by one. */
export const OPTIMIZATIONS = [
  'reuse.ktable.source.topics',
  'merge.repartition.topics',
  'single.store.self.join',
] as const;

export type Optimization = (typeof OPTIMIZATIONS)[number];

/** In Kafka's own words, with its slips. */
const ACCEPTABLE =
  'Acceptable values are: "+NO_OPTIMIZATION+", "+OPTIMIZE+", or a comma separated list of specific optimizations: ' +
  '("+REUSE_KTABLE_SOURCE_TOPICS+", "+MERGE_REPARTITION_TOPICS+" + "SINGLE_STORE_SELF_JOIN+").';

const namesIn = (text: string): string[] => text.split(',').map((name) => name.trim());

/** Why `topology.optimization` cannot be this (`StreamsConfig.verifyTopologyOptimizationConfigs`). */
export function optimizationProblem(text: string): ConfigProblem | undefined {
  if (text === 'none' || text === 'all' || text === '') return undefined;
  const names = namesIn(text);
  const plain = `must be none, all or some of ${OPTIMIZATIONS.join(', ')}, not "${text}".`;
  if (names.includes('none') || names.includes('all'))
    return { message: `"${text}" is not a valid optimization config. ${ACCEPTABLE}`, plain };
  if (names.some((name) => !OPTIMIZATIONS.some((one) => one === name)))
    return { message: `Unrecognized config. ${ACCEPTABLE}`, plain };
  return undefined;
}

/** What a text without a problem chooses. */
export function optimizationsIn(text: string): Set<Optimization> {
  if (text === 'all') return new Set(OPTIMIZATIONS);
  const names = namesIn(text);
  return new Set(OPTIMIZATIONS.filter((name) => names.includes(name)));
}
