import { OUTLET_TIMEOUT_MS, type Outlet, OutletRefused } from './outlet.js';

/** Posts each checkpoint, a signed note, to an address. 2xx is thanks, 409 says that it contradicts what was posted before. */
export function webhook(url: string): Outlet {
  return {
    id: `webhook ${new URL(url).origin}`, // a path or query may hold a token
    publish: async ({ note }) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: note,
        redirect: 'error',
        signal: AbortSignal.timeout(OUTLET_TIMEOUT_MS),
      });
      await answer.arrayBuffer();
      if (answer.status === 409) throw new OutletRefused('the webhook answered 409');
      if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
      return [];
    },
  };
}
