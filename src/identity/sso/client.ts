import { createHmac } from 'node:crypto';
import * as oidc from 'openid-client';
import type { Config } from '../../kernel/config.js';
import { deriveKey } from '../../kernel/seal.js';
import type { Secrets } from '../../kernel/secrets.js';
import { identityProblem } from '../problems.js';
import type { SsoProvider } from './words.js';

/** Who came back, in the provider's own words; its signature, issuer, audience, nonce and times were checked. */
export interface SsoClaims {
  readonly issuer: string;
  readonly subject: string;
  /** Whether the provider asked for as much as is configured to count as two factors. */
  readonly strong: boolean;
  /** When the provider asked last; undefined: it does not say. */
  readonly askedAt: Date | undefined;
}

export interface SsoClient {
  /** Those that are configured. */
  readonly providers: readonly SsoProvider[];
  /** Where to send the browser. @throws Problem `sso_unknown` · `sso_unavailable` */
  urlOf(provider: SsoProvider, state: string, redirectUri: string, anew: boolean): Promise<string>;
  /** What the browser brought back, for claims. @throws Problem `sso_unavailable` · `sso_refused` */
  redeem(provider: SsoProvider, state: string, back: URL): Promise<SsoClaims>;
}

const TIMEOUT_SECONDS = 5;
const AGAIN_AFTER_MS = 30_000; // a provider that was away is looked for again after this

/**
 * Speaks OpenID Connect to the configured providers: code flow, PKCE (S256), `state`, `nonce`, and the ID token's signature
 * checked though it came over TLS. Source: OpenID Connect Core 1.0; RFC 9700, 2.1.1
 *
 * `nonce` and the PKCE verifier are made of `state` under our key, so that nothing has to be kept.
 */
export function makeSsoClient(
  config: Pick<Config, 'sso' | 'production'>,
  { ssoSecrets, linkKey }: Pick<Secrets, 'ssoSecrets' | 'linkKey'>,
): SsoClient {
  const key = deriveKey(linkKey, 'firebreak single sign-on');
  const made = (purpose: string, state: string) =>
    createHmac('sha256', key).update(`${purpose} ${state}`).digest('base64url');
  const found = new Map<SsoProvider, { at: number; configuration: Promise<oidc.Configuration> }>();

  const settingsOf = (provider: SsoProvider) => {
    const settings = config.sso[provider];
    if (!settings) throw identityProblem('sso_unknown');
    return settings;
  };

  async function configurationOf(provider: SsoProvider): Promise<oidc.Configuration> {
    const known = found.get(provider);
    if (known) return known.configuration;
    const { issuer, clientId } = settingsOf(provider);
    const execute = [oidc.enableNonRepudiationChecks];
    if (!config.production && issuer.startsWith('http:')) execute.push(oidc.allowInsecureRequests);
    const secret = ssoSecrets[provider];
    const authentication = secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret);
    const options = { execute, timeout: TIMEOUT_SECONDS };
    const configuration = oidc.discovery(new URL(issuer), clientId, undefined, authentication, options);
    found.set(provider, { at: performance.now(), configuration });
    configuration.catch(() => {
      setTimeout(() => found.delete(provider), AGAIN_AFTER_MS).unref();
    });
    return configuration;
  }

  const reach = (provider: SsoProvider) => configurationOf(provider).catch(unavailable);

  return {
    providers: (Object.keys(config.sso) as SsoProvider[]).filter((provider) => config.sso[provider]),
    urlOf: async (provider, state, redirectUri, anew) => {
      const { strong } = settingsOf(provider);
      const url = oidc.buildAuthorizationUrl(await reach(provider), {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce: made('nonce', state),
        code_challenge: await oidc.calculatePKCECodeChallenge(made('verifier', state)),
        code_challenge_method: 'S256',
        ...(strong.length > 0 && { acr_values: strong.join(' ') }),
        ...(anew && { prompt: 'login', max_age: '0' }),
      });
      return url.href;
    },
    redeem: async (provider, state, back) => {
      const { strong } = settingsOf(provider);
      const configuration = await reach(provider);
      const tokens = await oidc
        .authorizationCodeGrant(configuration, back, {
          expectedState: state,
          expectedNonce: made('nonce', state),
          pkceCodeVerifier: made('verifier', state),
          idTokenExpected: true,
        })
        .catch(refusedOrAway);
      const claims = tokens.claims();
      if (!claims) throw identityProblem('sso_refused');
      const said = [claims['acr'], claims['amr']].flat();
      return {
        issuer: claims.iss,
        subject: claims.sub,
        strong: strong.some((value) => said.includes(value)),
        askedAt: typeof claims.auth_time === 'number' ? new Date(claims.auth_time * 1_000) : undefined,
      };
    },
  };
}

const unavailable = (cause: unknown): never => {
  throw identityProblem('sso_unavailable', { cause, headers: { 'Retry-After': '30' } });
};

/** Of what the library throws, only what a provider or a browser said is a refusal; the rest is a provider out of reach. */
function refusedOrAway(error: unknown): never {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  if (code === 'OAUTH_TIMEOUT' || error instanceof TypeError || cause?.code === 'ECONNREFUSED')
    return unavailable(error);
  throw identityProblem('sso_refused', { cause: error });
}
