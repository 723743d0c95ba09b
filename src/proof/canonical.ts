/**
 * Canonical JSON. Members that are undefined are left out, as `JSON.stringify` does.
 *
 * Names are sorted by UTF-16 code units, which is what `sort` does; strings and numbers are written as ECMAScript does.
 * @throws TypeError for what JSON cannot say: undefined, NaN, Infinity, a function, a bigint
 * Source: RFC 8785, section 3.2
 */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return canonical((value as { toJSON(): unknown }).toJSON());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[name];
    if (inner !== undefined) members += `${members && ','}${JSON.stringify(name)}:${canonical(inner)}`;
  }
  return `{${members}}`;
}

function scalar(value: unknown): string {
  const text = typeof value === 'number' && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  if (text === undefined) throw new TypeError('no JSON form');
  return text;
}
