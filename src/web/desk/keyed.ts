/** Items with keys that stay theirs while more come after them: what each is, and which of its kind. */
export function keyed<T>(items: readonly T[], kindOf: (item: T) => string): (readonly [key: string, item: T])[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const kind = kindOf(item);
    const nth = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, nth);
    return [`${kind} ${nth}`, item] as const;
  });
}
