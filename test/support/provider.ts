import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Configuration, Provider } from 'oidc-provider';

/** Who sits at the provider's sign-in page, and how they show it. */
export interface Visitor {
  readonly subject: string;
  readonly acr?: string;
  readonly amr?: string[];
  /** Seconds; when the provider asked them last. Now, unless given. */
  readonly askedAt?: number;
}

/**
 * A real OpenID provider on loopback; its sign-in page asks nothing and believes whom the test sends. Everything else (codes,
 * PKCE, nonce, ID tokens, keys) is oidc-provider's own.
 *
 * @param host `localhost`, for a browser to take it for another site than 127.0.0.1
 */
export async function startProvider(clientSecret: string, host = '127.0.0.1') {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  const visitor: { present: Visitor } = { present: { subject: 'nobody' } };
  let redirectUri = '';
  return {
    issuer,
    /** Takes us for a client; before that, everybody is sent away. */
    admit: (uri: string) => {
      redirectUri = uri;
      const provider = new Provider(
        issuer,
        configurationOf(uri, clientSecret, () => claimsOf(visitor.present)),
      );
      const handle = provider.callback();
      server.on('request', (request, response) => {
        if (request.url?.startsWith('/interaction/')) void interact(provider, visitor.present, request, response);
        else void handle(request, response);
      });
    },
    /** Whoever comes next, by a browser of their own, is `who`. */
    expect: (who: Visitor) => {
      visitor.present = who;
    },
    /** Goes where we sent the browser, as `who`, and comes back with the query of the redirect. */
    visit: async (url: string, who: Visitor): Promise<Record<string, string>> => {
      visitor.present = who;
      return browse(url, redirectUri);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configurationOf(redirectUri: string, clientSecret: string, claims: () => object): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    clients: [
      {
        client_id: 'firebreak',
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' } as never] },
    cookies: { keys: ['only a test reads these'] },
    acrValues: ['two-factors', 'one-factor'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...claims() }) }),
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  };
}

const claimsOf = ({ acr, amr }: Visitor) => ({ ...(acr && { acr }), ...(amr && { amr }) });

async function interact(provider: Provider, who: Visitor, request: IncomingMessage, response: ServerResponse) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const { subject, askedAt, acr, amr } = who;
    const login = {
      accountId: subject,
      remember: false,
      ...(askedAt && { ts: askedAt }),
      ...(acr && { acr }),
      ...(amr && { amr }),
    };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
  grant.addOIDCScope('openid');
  grant.addOIDCClaims(['sub', 'acr', 'amr', 'auth_time']);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

/** A browser that has never been here: keeps cookies, follows redirects, stops at our door. */
async function browse(start: string, redirectUri: string): Promise<Record<string, string>> {
  const cookies = new Map<string, string>();
  for (let url = start, hops = 0; hops < 12; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url).href;
    if (url.startsWith(redirectUri)) return Object.fromEntries(new URL(url).searchParams);
  }
  throw new Error('the provider sends the browser in circles');
}
