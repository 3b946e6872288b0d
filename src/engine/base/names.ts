/**
 * Names that are put together from a key, each only once: making one costs more than all that is done with it. For keys
 * of which a process sees few.
 */
export function namesBy<K>(nameOf: (key: K) => string): (key: K) => string {
  const names = new Map<K, string>();
  return (key) => {
    let name = names.get(key);
    if (name === undefined) {
      name = nameOf(key);
      names.set(key, name);
    }
    return name;
  };
}
