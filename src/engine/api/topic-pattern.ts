/** Of `*` and `+` in one pattern. */
const REPEATS_MAX = 3;

/** What all of Java, RE2 and JavaScript read alike: no repeated groups, no counted repeats, nothing that looks around. */
const CHARACTERS = /^[a-zA-Z0-9._\-*+?|()[\]^\\]{1,100}$/;

/**
 * Why there cannot be such a pattern for the names of topics, as the end of a sentence, or null. What is taken is matched
 * in little time whatever the name.
 */
export function topicPatternProblem(pattern: string): string | null {
  if (!CHARACTERS.test(pattern))
    return 'must be 1 to 100 letters, digits and characters of . _ - * + ? | ( ) [ ] ^ \\.';
  if (/\)[*+]/.test(pattern)) return 'must not repeat a group.';
  if (/\(\?|[*+?][*+?]|\\[1-9a-zA-Z]/.test(pattern))
    return 'must not have (?, two of * + ? behind each other, or a backslash before a letter or a digit.';
  if ([...pattern].filter((character) => character === '*' || character === '+').length > REPEATS_MAX)
    return `must have at most ${REPEATS_MAX} of * and +.`;
  return compile(pattern) === undefined ? 'must be a regular expression.' : null;
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

/** Whether a topic's whole name is one that the pattern means. */
export const isTopicOf = (pattern: string, topic: string): boolean => compile(pattern)?.test(topic) === true;
