import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { normalAddress, reverseName } from '../../src/facts/addresses.ts';
import { holdersOfPort53 } from '../../src/facts/port-53.ts';
import { FakeHost } from '../support/fake-host.ts';

describe('addresses', () => {
  it('have one spelling', () => {
    for (const [written, normal] of [
      ['FD00:0:0:0::13', 'fd00::13'],
      ['0:0:0:0:0:0:0:1', '::1'],
      ['fd00:0:0:1:0:0:0:1', 'fd00:0:0:1::1'],
      ['10.0.0.1', '10.0.0.1'],
    ] as const)
      assert.equal(normalAddress(written), normal);
    fc.assert(
      fc.property(fc.ipV6(), (address) => normalAddress(normalAddress(address)) === normalAddress(address)),
    );
  });

  it('have a name in reverse, which is as long as they are', () => {
    assert.equal(reverseName('10.0.0.153'), '153.0.0.10.in-addr.arpa');
    assert.equal(reverseName('::1'), `1.${'0.'.repeat(31)}ip6.arpa`);
    assert.equal(
      reverseName('2001:db8::567:89AB'),
      'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    );
    fc.assert(fc.property(fc.ipV6(), (address) => reverseName(address).split('.').length === 34));
  });
});

describe('who has port 53', () => {
  it('passes over processes that end while they are looked at', () => {
    const host = new FakeHost({
      files: {
        '/proc/7/fd/1': { unreadable: 'ESRCH' },
        '/proc/8/fd/1': { target: 'socket:[5]' },
        '/proc/net/udp':
          '  1: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 5 2 0 0\n',
      },
    });
    assert.deepEqual(holdersOfPort53(host, [], undefined), ['a program (process 8) at 0.0.0.0']);
  });
});
