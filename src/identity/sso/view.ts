import type { SsoLink } from './words.js';

export const linkView = ({ _id, provider, issuer, linkedAt, usedAt }: SsoLink) => ({
  id: _id,
  provider,
  issuer,
  linkedAt: linkedAt.toISOString(),
  ...(usedAt === undefined ? {} : { usedAt: usedAt.toISOString() }),
});
