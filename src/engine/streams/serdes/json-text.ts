/** Compact JSON. Unlike `JSON.stringify` it writes a bigint as the integer it is. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return exactJsonText(value);
  }
}

function exactJsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(exactJsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}:${exactJsonText(item)}`,
  );
  return `{${fields.join(',')}}`;
}
