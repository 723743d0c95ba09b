/**
 * Canonical JSON of a value that came from `JSON.parse`.
 *
 * Names are sorted by UTF-16 code units, which is what `sort` does; strings and numbers are written as ECMAScript does.
 * Source: RFC 8785, section 3.2
 */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
