import type { ConfigKey, ConfigOverrides, ConfigTable, ConfigValue } from '../api/config/config-key.ts';
import { parseModelValue } from '../api/config/config-key.ts';
import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import type { CommandAct } from '../api/command.ts';
import type { Scenario } from '../api/scenario.ts';

type Setting = Extract<CommandAct, { type: 'set-config' }>;

/** What acts set a key to, of any target that is meant; null where they take it back. */
export const settingsOf = (
  acts: readonly CommandAct[],
  key: string,
  isMeant: (target: Setting['target']) => boolean = () => true,
): readonly (string | null)[] =>
  acts.flatMap((act) =>
    act.type === 'set-config' && act.key === key && isMeant(act.target) ? [act.value] : [],
  );

/** What written values mean. What is not written, or taken back, is the default. */
export function read(
  table: ConfigTable,
  key: string,
  written: readonly (string | null | undefined)[],
): readonly ConfigValue[] {
  const definition = table[key] as ConfigKey;
  return written.map((value) => {
    const parsed =
      value === undefined || value === null ? undefined : parseModelValue(key, definition, value);
    return parsed?.ok === true ? parsed.value : definition.default;
  });
}

/** Every value that a key has had, or would have had, on any broker. */
export function brokerValues(
  { brokers, brokerConfig }: Pick<Scenario, 'brokers' | 'brokerConfig'>,
  key: string,
  acts: readonly CommandAct[],
): readonly ConfigValue[] {
  const written = brokers.map(({ config }: { readonly config: ConfigOverrides }) => config[key]);
  return read(BROKER_CONFIG, key, [
    ...written.map((value) => value ?? brokerConfig[key]),
    ...settingsOf(acts, key),
  ]);
}
