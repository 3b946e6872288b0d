/** Longest name of a topic, so that the name of its partition's folder stays below 255. */
const MAX_LENGTH = 249;

/** One sentence that says what is wrong with the name of a topic, or undefined (`Topic.validate`). */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed';
  if (name === '.' || name === '..') return `Topic name is invalid: '${name}' is not allowed`;
  if (name.length > MAX_LENGTH)
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`;
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return undefined;
  return (
    `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, ` +
    "'.', '_' and '-'"
  );
}

/** An existing topic whose name differs only in dots and underscores, which metrics cannot tell apart. */
export function collidingTopic(name: string, existing: Iterable<string>): string | undefined {
  const unified = name.replaceAll('.', '_');
  for (const other of existing) if (other !== name && other.replaceAll('.', '_') === unified) return other;
  return undefined;
}
