import type { Kernel } from '../kernel/route.js';

/** The token stands behind the `#`, which browsers send to no server and put into no Referer. */
export function trackingLink({ config: { http } }: Pick<Kernel, 'config'>, token: string): string {
  return `${http.baseUrl ?? `http://${http.host}:${http.port}`}/track#${token}`;
}
