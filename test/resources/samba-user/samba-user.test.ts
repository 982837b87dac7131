import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { md4 } from '../../../src/resources/samba-user/md4.ts';
import { ntHash } from '../../../src/resources/samba-user/password.ts';
import sambaUser from '../../../src/resources/samba-user/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

/** RFC 1320, A.5. */
const VECTORS: readonly (readonly [message: string, digest: string])[] = [
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
  ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
];

/** Of 55, 56, 63, 64 and 65 times `x`. */
const OPENSSL = [
  '92f32bb82c95ad10e8f87ae58ab06807',
  '374d5f08103b7092c83b4626ebceffab',
  '2870452596e98fffd48332289b3472b9',
  'b1abf956a5ae6f3221e5fe85e300fbb0',
  'afc1a3308fc176a53238a09aeddec2e6',
];

const HASH = '3436D401BDC7AD91C67858D6CEE70FD6';
const line = (flags: string, hash = HASH): string =>
  `alice:1000:${'X'.repeat(32)}:${hash}:${flags}:LCT-6B050EA0:\n`;
const host = (stdout: string): FakeHost =>
  new FakeHost({
    files: {
      '/etc/passwd': 'alice:x:1000:1000::/home/alice:/bin/sh\n',
      '/var/lib/samba/private/passdb.tdb': '',
    },
    commands: { 'pdbedit -L -w': stdout },
    secrets: { '/s': 'pw9' },
  });

describe('SambaUser', () => {
  for (const [message, digest] of VECTORS)
    it(`has MD4 of "${message.slice(0, 20)}" as in RFC 1320`, () => {
      assert.equal(md4(Buffer.from(message)).toString('hex'), digest);
    });

  it('has MD4 of messages of every length around a block', () => {
    const digests = Array.from({ length: 130 }, (_, length) =>
      md4(Buffer.alloc(length, 'x')).toString('hex'),
    );
    assert.equal(new Set(digests).size, 130);
    // by `openssl dgst -provider legacy -md4`
    assert.deepEqual(
      [55, 56, 63, 64, 65].map((length) => digests[length]),
      OPENSSL,
    );
  });

  it('has the hashes that pdbedit of 4.17 and 4.22 printed', () => {
    assert.equal(ntHash('pw9'), HASH);
    assert.equal(ntHash('pässwörd €😀 x'), '1414E335CD9184F88012F5FB40B8EA9D');
  });

  it('never has a hash or password in what it reads, plans or complains of', async () => {
    const want = sambaUser.desired.parse({ name: 'alice', password: { file: '/s' } });
    for (const stdout of [
      line('[U          ]'),
      line('[U          ]', '0'.repeat(32)),
      line('[U]'),
      `x${HASH}`,
    ]) {
      const reading = await Promise.resolve(sambaUser.read(host(stdout), [want])).catch(
        (error: unknown) => error,
      );
      assert.doesNotMatch(inspect(reading, { depth: 9 }), /3436D401|00000000|pw9/);
    }
  });

  it('refuses what pdbedit never printed', async () => {
    const want = sambaUser.desired.parse({ name: 'alice' });
    for (const stdout of ['alice\n', 'alice:1000:X:short:[U          ]:\n', line('[U]')])
      await assert.rejects(async () => await sambaUser.read(host(stdout), [want]), /smbpasswd\(5\)/);
  });

  it('takes any password that is a line of text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (password) => {
        assert.match(ntHash(password), /^[0-9A-F]{32}$/);
      }),
    );
  });

  it('lists accounts of people, without passwords', async () => {
    const machine = line('[W          ]').replace('alice', 'box$');
    assert.deepEqual(await sambaUser.list?.(host(line('[DU         ]') + machine)), [
      { name: 'alice', disabled: true },
    ]);
  });
});
