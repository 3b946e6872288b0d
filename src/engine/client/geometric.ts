/**
 * A real number as an unevaluated sum of two doubles, some 32 decimal digits. Only + − × ÷ are used, which every machine
 * rounds alike, so that `ln` and `exp` here are the same everywhere, unlike those of `Math`.
 */
interface Wide {
  readonly hi: number;
  readonly lo: number;
}

const SPLITTER = 134217729;
const LN2: Wide = { hi: 0.6931471805599453, lo: 2.3190468138462996e-17 };
const ONE: Wide = { hi: 1, lo: 0 };
/** Enough terms for 32 digits of either series below. */
const TERMS = 30;

function sum(a: Wide, b: Wide): Wide {
  const s = a.hi + b.hi;
  const v = s - a.hi;
  const e = a.hi - (s - v) + (b.hi - v) + a.lo + b.lo;
  const hi = s + e;
  return { hi, lo: e - (hi - s) };
}

function exactProduct(a: number, b: number): Wide {
  const p = a * b;
  const ac = SPLITTER * a;
  const ah = ac - (ac - a);
  const al = a - ah;
  const bc = SPLITTER * b;
  const bh = bc - (bc - b);
  const bl = b - bh;
  return { hi: p, lo: ah * bh - p + ah * bl + al * bh + al * bl };
}

function product(a: Wide, b: Wide): Wide {
  const p = exactProduct(a.hi, b.hi);
  const e = p.lo + a.hi * b.lo + a.lo * b.hi;
  const hi = p.hi + e;
  return { hi, lo: e - (hi - p.hi) };
}

function quotient(a: Wide, b: Wide): Wide {
  const first = a.hi / b.hi;
  const rest = sum(a, product({ hi: -first, lo: 0 }, b));
  const second = rest.hi / b.hi;
  const last = sum(rest, product({ hi: -second, lo: 0 }, b)).hi / b.hi;
  return sum(sum({ hi: first, lo: 0 }, { hi: second, lo: 0 }), { hi: last, lo: 0 });
}

const wide = (x: number): Wide => ({ hi: x, lo: 0 });

/** ln of a positive number: x = m × 2^k with m near 1, ln m by the series of the area tangent. */
function ln(x: number): Wide {
  let m = x;
  let k = 0;
  for (; m > 1.5; k++) m /= 2;
  for (; m < 0.75; k--) m *= 2;
  const s = quotient(sum(wide(m), wide(-1)), sum(wide(m), ONE));
  const square = product(s, s);
  let power = s;
  let total = s;
  for (let n = 1; n < TERMS; n++) {
    power = product(power, square);
    total = sum(total, quotient(power, wide(2 * n + 1)));
  }
  return sum(product(wide(2), total), product(wide(k), LN2));
}

/** e^y: y = k ln 2 + r with |r| ≤ ln 2 / 2, e^r by its power series. */
function exp(y: Wide): number {
  const k = Math.round(y.hi / LN2.hi);
  const r = sum(y, product(wide(-k), LN2));
  let term = ONE;
  let total = ONE;
  for (let n = 1; n < TERMS; n++) {
    term = quotient(product(term, r), wide(n));
    total = sum(total, term);
  }
  let value = total.hi + total.lo;
  for (let i = 0; i < k; i++) value *= 2;
  for (let i = 0; i > k; i--) value /= 2;
  return value;
}

/**
 * initial × factor^min(n, log_factor(max / initial)) as the JVM computes it in doubles: the logarithm and the power are
 * each rounded, which is why the result may fall just short of `max`.
 */
export function cappedGeometric(initial: number, factor: number, max: number, n: number): number {
  const limit = round(ln(max / Math.max(initial, 1))) / round(ln(factor));
  return initial * exp(product(wide(Math.min(n, limit)), ln(factor)));
}

const round = (x: Wide): number => x.hi + x.lo;
