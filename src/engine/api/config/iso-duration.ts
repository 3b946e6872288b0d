const DURATION =
  /^([+-]?)P(?:([+-]?\d+)D)?(?:T(?=.)(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

/** Seconds of a duration are a `long`. */
const SECONDS_END = 2 ** 63;

/** A duration in ISO 8601 as `java.time.Duration` reads it, in ms; undefined if it is none. */
export function isoDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || /^[+-]?P$/i.test(text)) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const below = Number(`${seconds.startsWith('-') ? '-' : ''}0.${fraction}0`);
  const inSeconds =
    Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) + below;
  if (Math.abs(inSeconds) >= SECONDS_END) return undefined;
  return (sign === '-' ? -1 : 1) * inSeconds * 1_000;
}
