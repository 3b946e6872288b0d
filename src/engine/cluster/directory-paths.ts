import { BROKER_CONFIG, logDirsOf } from '../api/config/broker-config.ts';
import { parseConfig, type ConfigOverrides } from '../api/config/config-key.ts';
import { assert } from '../base/assert.ts';
import type { NodeSlot } from '../sim/kernel-state.ts';

/** The log directories that a broker is configured with, whether it runs or not. */
export function directoryPaths({ id, config }: Pick<NodeSlot, 'id' | 'config'>): readonly string[] {
  const { overrides } = config as { readonly overrides: ConfigOverrides };
  const parsed = parseConfig(BROKER_CONFIG, overrides);
  assert(parsed.ok, 'a broker is given valid configuration', { id });
  return logDirsOf(parsed.value);
}
