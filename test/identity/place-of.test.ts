import assert from 'node:assert/strict';
import { nameDevice } from '../../src/identity/name-device.js';
import { placeOf } from '../../src/identity/place-of.js';

describe('the place of an address', () => {
  const places: Record<string, object> = {
    '127.0.0.1': { kind: 'this-machine' },
    '::1': { kind: 'this-machine' },
    '::ffff:127.0.0.1': { kind: 'this-machine' },
    '10.1.2.3': { kind: 'private-network', network: '10.1.2.0/24' },
    '172.31.255.1': { kind: 'private-network', network: '172.31.255.0/24' },
    '172.32.0.1': { kind: 'internet', network: '172.32.0.0/24' },
    '192.168.1.77': { kind: 'private-network', network: '192.168.1.0/24' },
    '100.64.9.1': { kind: 'private-network', network: '100.64.9.0/24' },
    'fe80::1%eth0': { kind: 'private-network', network: 'fe80::/48' },
    'fd12:3456:789a::1': { kind: 'private-network', network: 'fd12:3456:789a::/48' },
    '203.0.113.9': { kind: 'internet', network: '203.0.113.0/24' },
    '::ffff:203.0.113.9': { kind: 'internet', network: '203.0.113.0/24' },
    '2001:db8:12:34::5': { kind: 'internet', network: '2001:db8:12::/48' },
    '2001:0DB8:0012:0034:0:0:0:5': { kind: 'internet', network: '2001:db8:12::/48' },
    '2001:db8::5': { kind: 'internet', network: '2001:db8::/48' },
    unknown: { kind: 'unknown' },
    '': { kind: 'unknown' },
    'not:an:address': { kind: 'unknown' },
  };
  for (const [address, place] of Object.entries(places))
    it(`${address || 'of none'} is ${JSON.stringify(place)}`, () => assert.deepEqual(placeOf(address), place));
});

describe('the device of a session', () => {
  it('is named from what the browser says', () => {
    const safari =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1';
    assert.deepEqual(nameDevice(safari), { browser: 'Safari 17', system: 'iOS 17.0', kind: 'mobile' });
  });

  it('is nameless for programs, and short whatever is sent', () => {
    assert.deepEqual(nameDevice(undefined), {});
    assert.deepEqual(nameDevice(''), {});
    for (const odd of ['x', '<script>', `Mozilla/5.0 (${'('.repeat(280)}`, `Chrome/${'9'.repeat(290)}`])
      for (const name of Object.values(nameDevice(odd))) assert.ok(String(name).length <= 60);
  });
});
