import { useLocation, useSearch } from 'wouter';

export interface Filter {
  readonly state?: string;
  readonly kind?: string;
  readonly assigned?: string;
  readonly number?: string;
}

const NAMES = ['state', 'kind', 'assigned', 'number'] as const;

/** The filters live in the address: a reload, a bookmark and a colleague see the same list. */
export function useFilter(): [Filter, (change: Filter) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const now = new URLSearchParams(search);
  const filter = Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = now.get(name);
      return value ? [[name, value]] : [];
    }),
  ) as Filter;
  const change = (part: Filter) => {
    const next = new URLSearchParams(Object.entries({ ...filter, ...part }).filter(([, value]) => value));
    navigate(next.size > 0 ? `${path}?${next}` : path, { replace: true });
  };
  return [filter, change];
}
