/** The entries with another value for a key; null takes it out. */
export function withEntry<T>(
  entries: ReadonlyMap<string, T>,
  key: string,
  value: T | null,
): ReadonlyMap<string, T> {
  const copy = new Map(entries);
  if (value === null) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
