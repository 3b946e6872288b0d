import { expect, test } from 'vitest';
import { Silence } from './silence.ts';

test('who does not answer has been silent for as long as one has asked', () => {
  const silence = new Silence(300, 0);
  expect([300, 600, 900, 1_200].map((now) => silence.ask(now))).toEqual([300, 600, 900, 1_200]);
  silence.hear();
  expect(silence.ask(1_500)).toBe(300);
});

test('who asked seldom, or slept, does not take it for silence of the other', () => {
  const silence = new Silence(300, 0);
  for (let minute = 1; minute < 10; minute++) {
    expect(silence.ask(minute * 60_000)).toBe(300); // a hidden tab may ask once a minute
    silence.hear();
  }
  expect(silence.ask(8 * 3_600_000)).toBe(300);
});
