import { expect, test } from 'vitest';
import { isTopicOf, topicPatternProblem } from './topic-pattern.ts';

test.each(['clicks', 'clicks-.*', '(web|app)-clicks', '[a-c]+\\.v[0-9]', 'a?b*|c+'])(
  '%s is a pattern',
  (pattern) => {
    expect(topicPatternProblem(pattern)).toBeNull();
  },
);

test.each([
  ['', 'letters'],
  ['clicks{2}', 'letters'],
  ['ä', 'letters'],
  ['(', 'a regular expression'],
  ['[b-a]', 'a regular expression'],
  ['(a+)+', 'not repeat a group'],
  ['(?:a)b', 'letters'],
  ['(?a)', '(?'],
  ['(a)\\1', 'backslash'],
  ['a.*b.*c.*d.*', 'at most 3'],
])('%s is none: %s', (pattern, why) => {
  expect(topicPatternProblem(pattern)).toContain(why);
});

test('a pattern means whole names', () => {
  expect(['clicks', 'clicks-1', 'my-clicks-1'].filter((name) => isTopicOf('clicks(-.)?', name))).toEqual([
    'clicks',
    'clicks-1',
  ]);
});
