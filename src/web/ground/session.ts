import { useSyncExternalStore } from 'react';
import { call, hooks, type Reply } from './client.js';
import { ApiProblem } from './problem.js';

export type Me = Reply<'readMe'>;
export type Role = Me['roles'][number];

export type Session =
  /** Not known yet: the cookie has not been asked. */
  | { readonly state: 'unknown' }
  | { readonly state: 'out' }
  /** The server could not be asked; nobody was signed out by that. */
  | { readonly state: 'away' }
  /** Staff without a second factor: nothing else answers before they have one. */
  | { readonly state: 'enrol'; readonly me: Me }
  | { readonly state: 'in'; readonly me: Me }
  /** Was in, and the session ended (idle, or ended elsewhere): the page stays as it is until they are back. */
  | { readonly state: 'ended'; readonly me: Me };

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/** A token that would end on its way is traded before. */
const EARLY_MS = 30_000;
const LOCK = 'firebreak-session';
/** Set while this browser has a session to ask the cookie for: a stranger's visit asks nothing. */
const WAS_IN = 'signed-in';
const channel = new BroadcastChannel(LOCK);

let token: Token | undefined;
let session: Session = { state: 'unknown' };
let renewing: Promise<string | undefined> | undefined;
const listeners = new Set<() => void>();

let last: Me | undefined;

function become(next: Session): void {
  session = next;
  if ('me' in next) last = next.me;
  for (const listener of listeners) listener();
}

export const useSession = (): Session =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );

/** Whoever is signed in, for pages that are shown to nobody else; who it was last while such a page is being taken away. */
export function useMe(): Me {
  const now = useSession();
  const me = 'me' in now ? now.me : last;
  if (!me) throw new Error('shown to somebody who is not signed in');
  return me;
}

/** Asks the cookie who is here; again after a failure, and when another tab signed in or out. */
export async function openSession(): Promise<void> {
  try {
    if (localStorage.getItem(WAS_IN)) await renew();
    if (token) await readMe();
    else become({ state: 'out' });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    become(error.status === 401 ? { state: 'out' } : { state: 'away' });
  }
}

/** Reads anew who is signed in, after something about them changed. */
export async function readMe(): Promise<void> {
  const before = 'me' in session ? session.me.id : undefined;
  const me = await call('readMe');
  if (before && before !== me.id) location.assign('/'); // somebody else now: nothing of the page is theirs
  const lacksFactor = me.roles.some((role) => role !== 'customer') && !me.secondFactor && me.passkeys.length === 0;
  become({ state: lacksFactor ? 'enrol' : 'in', me });
}

/** Takes what a sign-in answered. @returns whether the session is open; else the second step is due */
export async function takeSession(reply: Reply<'signIn'>): Promise<boolean> {
  if (!reply.accessToken) return false;
  keep(reply);
  await readMe();
  channel.postMessage('in');
  return true;
}

/** Ends this session. @throws ApiProblem when the server did not end it: whoever is here is still signed in */
export async function signOut(): Promise<void> {
  await call('signOut').catch((error: unknown) => {
    if (!(error instanceof ApiProblem && error.status === 401)) throw error; // 401: it had ended before
  });
  forget();
  channel.postMessage('out');
}

function keep({ accessToken, expiresAt }: { accessToken?: string; expiresAt: string }): void {
  token = accessToken ? { value: accessToken, expiresAt: Date.parse(expiresAt) } : undefined;
  if (token) localStorage.setItem(WAS_IN, 'yes');
}

const held = (): string | undefined => token?.value;

function forget(): void {
  token = undefined;
  localStorage.removeItem(WAS_IN);
  become({ state: 'out' });
}

function end(): void {
  token = undefined;
  localStorage.removeItem(WAS_IN);
  become(session.state === 'in' ? { state: 'ended', me: session.me } : { state: 'out' });
}

/** One tab at a time trades the cookie: two at once would look like a stolen one. */
function renew(): Promise<string | undefined> {
  renewing ??= navigator.locks
    .request(LOCK, async () => {
      token = undefined;
      try {
        keep(await call('refreshSession', { body: {} }));
      } catch (error) {
        if (!(error instanceof ApiProblem && error.status === 401)) throw error;
        if (session.state === 'unknown') localStorage.removeItem(WAS_IN);
        else end();
      }
      return held();
    })
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

hooks.accessToken = async () => {
  if (!token) return undefined;
  return token.expiresAt - EARLY_MS > Date.now() ? token.value : renew();
};
hooks.refused = () => {
  if (token) end();
};
channel.onmessage = ({ data }) => {
  if (data === 'out' && session.state !== 'out') forget();
  if (data === 'in' && (session.state === 'out' || session.state === 'ended')) void openSession();
};
