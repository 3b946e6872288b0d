const MINUS = '\u2212';

/** 1234567 as `1,234,567`; the sign is U+2212. */
export function count(n: number): string {
  const digits = grouped(String(Math.abs(Math.round(n))));
  return n < 0 && digits !== '0' ? MINUS + digits : digits;
}

/** Digits in threes, however many they are. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

const UNITS: readonly (readonly [number, string])[] = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e4, ' k'],
];

/** At most five characters for places that cannot grow: 12.3 k, 4.56 M. Below 10,000 exact. */
export function shortCount(n: number): string {
  const unit = UNITS.find(([size]) => Math.abs(n) >= size);
  if (unit === undefined) return count(n);
  const [size, word] = unit;
  const scaled = n / (size === 1e4 ? 1e3 : size);
  return scaled.toFixed(scaled >= 100 ? 0 : 1).replace('-', MINUS) + word;
}

export const shortSigned = (n: number): string => (n >= 0.5 ? '+' : '') + shortCount(n);

/** Milliseconds as seconds: `0.29 s`, `5.6 s`, `140 s`. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  return `${s >= 99.95 ? count(s) : s >= 0.995 ? s.toFixed(1) : s.toFixed(2)} s`;
}

/** Bytes in binary units, whole: `0`, `512 B`, `31 KiB`, `32 MiB`. */
export function byteCount(bytes: number): string {
  if (bytes === 0) return '0';
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

/** Simulated microseconds as `24.310 s`. */
export const moment = (micros: number): string => `${(micros / 1e6).toFixed(3).replace('-', MINUS)} s`;

export const plural = (n: number, word: string): string => `${count(n)} ${word}${n === 1 ? '' : 's'}`;
