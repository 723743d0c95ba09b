import { useCallback, useSyncExternalStore } from 'react';

/** `#?name=value`: what a page shows is kept in the address behind `#`, which no browser sends and no log of a server keeps. */
const MARK = '#?';

/** The last two are wouter's: it tells of every address that was set without loading. */
const CHANGES = ['hashchange', 'popstate', 'pushState', 'replaceState'];

const subscribe = (changed: () => void): (() => void) => {
  for (const change of CHANGES) window.addEventListener(change, changed);
  return () => {
    for (const change of CHANGES) window.removeEventListener(change, changed);
  };
};

const read = (): string => (location.hash.startsWith(MARK) ? location.hash.slice(MARK.length) : '');

export const fragmentOf = (values: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length > 0 ? `${MARK}${new URLSearchParams(given)}` : '';
};

/** What stands behind `#` in the address, and a way to change it that the back button undoes. */
export function useFragment(): readonly [
  values: Readonly<Record<string, string>>,
  set: (values: Readonly<Record<string, string | undefined>>) => void,
] {
  const text = useSyncExternalStore(subscribe, read);
  const set = useCallback((next: Readonly<Record<string, string | undefined>>) => {
    const fragment = fragmentOf(next);
    if (fragment === location.hash) return;
    history.pushState(null, '', `${location.pathname}${location.search}${fragment}`);
  }, []);
  return [Object.fromEntries(new URLSearchParams(text)), set];
}
