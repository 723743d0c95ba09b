import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../src/kernel/config.js';
import { readSecrets } from '../../src/kernel/secrets.js';

const production = {
  NODE_ENV: 'production',
  BASE_URL: 'https://firebreak.example',
  MONGODB_URI: 'mongodb://db.example/',
  EXCHANGE_URL: 'https://exchange.example',
};

describe('configuration', () => {
  it('needs nothing', () => {
    const config = readConfig({});
    assert.equal(config.http.port, 8080);
    assert.equal(config.mongoUri, undefined);
    assert.equal(config.release.coolingOffHours, 24);
    assert.ok(Object.isFrozen(config));
  });

  it('names the variable that does not fit, and not its value', () => {
    assert.throws(
      () => readConfig({ PORT: 'hunter2', REDIS_URL: 'http://hunter2' }),
      (error: Error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /PORT/);
        assert.match(error.message, /REDIS_URL/);
        assert.ok(!error.message.includes('hunter2'));
        return true;
      },
    );
  });

  const contradictions: [string, Record<string, string | undefined>, RegExp][] = [
    ['no BASE_URL', { ...production, BASE_URL: undefined }, /BASE_URL/],
    ['a BASE_URL without TLS', { ...production, BASE_URL: 'http://firebreak.example' }, /https/],
    ['Redis over the embedded store', { ...production, MONGODB_URI: undefined, REDIS_URL: 'redis://r' }, /REDIS_URL/],
    ['no exchange', { ...production, EXCHANGE_URL: undefined }, /EXCHANGE_URL/],
  ];
  for (const [what, env, message] of contradictions) {
    it(`refuses ${what} in production`, () => assert.throws(() => readConfig(env), message));
  }
});

describe('secrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'firebreak-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are made once per folder, for the owner alone to read', () => {
    const config = readConfig({ DATA_DIR: folder });
    const first = readSecrets(config, {});
    const second = readSecrets(config, {});
    assert.deepEqual(second.totpKey, first.totpKey);
    assert.equal(second.signingKeys[0]?.kid, first.signingKeys[0]?.kid);
    assert.equal(statSync(join(folder, 'secrets.json')).mode & 0o777, 0o600);
  });

  it('are made though a killed process of the same number left its own half made: in a container it always has', () => {
    const config = readConfig({ DATA_DIR: folder });
    writeFileSync(join(folder, `secrets.json.${process.pid}`), '{"signingKey":');
    assert.ok(readSecrets(config, {}).signingKeys[0]);
  });

  it('name the variable when it is no key', () => {
    const broken = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
    assert.throws(() => readSecrets(readConfig({ DATA_DIR: folder }), { SIGNING_KEY: broken }), {
      name: 'ConfigError',
      message: /SIGNING_KEY/,
    });
  });

  it('differ between folders', () => {
    const other = mkdtempSync(join(tmpdir(), 'firebreak-secrets-'));
    const one = readSecrets(readConfig({ DATA_DIR: folder }), {});
    const two = readSecrets(readConfig({ DATA_DIR: other }), {});
    assert.notDeepEqual(one.exchangeKey, two.exchangeKey);
    rmSync(other, { recursive: true });
  });

  it('are never made in production: it refuses to start, naming them', () => {
    const config = readConfig({ ...production, DATA_DIR: folder });
    assert.throws(() => readSecrets(config, {}), /SIGNING_KEY, ROOT_KEY, EXCHANGE_KEY, EVIDENCE_KEYS/);
  });

  it('come from files too, but not from both', () => {
    const made = readSecrets(readConfig({ DATA_DIR: folder }), {});
    const kept = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'));
    writeFileSync(join(folder, 'root'), `${kept.rootKey}\n`);
    const env = {
      ROOT_KEY_FILE: join(folder, 'root'),
      SIGNING_KEY: kept.signingKey,
      EXCHANGE_KEY: kept.exchangeKey,
      EVIDENCE_KEYS_FILE: join(folder, 'evidence-keys'),
    };
    assert.deepEqual(readSecrets(readConfig(production), env).totpKey, made.totpKey);
    assert.throws(
      () => readSecrets(readConfig(production), { ...env, ROOT_KEY: kept.rootKey }),
      /ROOT_KEY and ROOT_KEY_FILE/,
    );
  });

  it('must be long enough', () => {
    assert.throws(
      () => readSecrets(readConfig({ DATA_DIR: folder }), { ROOT_KEY: 'c2hvcnQ=' }),
      /ROOT_KEY must be at least 32 bytes/,
    );
  });
});
