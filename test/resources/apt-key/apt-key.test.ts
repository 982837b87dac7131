/** Fingerprints are found in the manifest, before the host is touched. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import aptKey from '../../../src/resources/apt-key/index.ts';
import { fingerprintsIn } from '../../../src/resources/apt-key/openpgp.ts';

const archive = join(import.meta.dirname, '../../lab/signed-archive');
const LAB = '2BA2267D42A8663B95FD5E8577288DEF344BB73C';
const OTHER = 'F8A298D882D10C9D6F632A04B23D8D0F6350258A';
const keyOf = (name: string): string => readFileSync(join(archive, `${name}.asc`), 'utf8');

const armored = (packets: readonly number[]): string =>
  `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${Buffer.from(packets).toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----\n`;

/** What gpg prints for the same files, `gpg --show-keys --with-colons` of 2.2. */
describe('OpenPGP fingerprints', () => {
  it('are those of gpg, for RSA and for elliptic curves', () => {
    assert.deepEqual(fingerprintsIn(keyOf('lab')), [LAB]);
    assert.deepEqual(fingerprintsIn(keyOf('other').replaceAll('\n', '\r\n')), [OTHER]);
  });

  it('are found for every key of a file, in the new form of packets and of version 6', () => {
    const body = (version: number): number[] => [version, 0, 0, 0, 0, 1];
    const found = fingerprintsIn(armored([0xc6, 6, ...body(4), 0x98, 6, ...body(6)]));
    assert.deepEqual(
      found.map(({ length }) => length),
      [40, 64],
    );
  });

  const refused: readonly (readonly [what: string, text: string, why: RegExp])[] = [
    ['text', 'hello', /expected one armored public key/],
    ['two blocks', keyOf('lab') + keyOf('other'), /expected one armored public key/],
    ['a secret key', armored([0xc5, 1, 4]), /secret key/],
    ['a version that apt does not take', armored([0xc6, 6, 3, 0, 0, 0, 0, 1]), /version 3/],
    ['a key that is cut off', armored([0xc6, 200, 200, 4]), /cut off/],
    ['a length that is cut off', armored([0xc6, 255, 0]), /cut off/],
    ['a packet in parts', armored([0xc6, 230, 4]), /in parts/],
    ['a packet without a length', armored([0x9b, 4]), /no length/],
    ['something else', armored([0x01, 2]), /no OpenPGP key/],
    ['a signature alone', armored([0xc2, 1, 4]), /no OpenPGP key/],
  ];
  for (const [what, text, why] of refused)
    it(`refuse ${what}`, () => {
      assert.throws(() => fingerprintsIn(text), why);
    });
});

describe('AptKey in the manifest', () => {
  const resolve = (fields: object): { content?: string | undefined } =>
    aptKey.resolve!(aptKey.desired.parse({ name: 'lab', ...fields }), {
      text: (path) => keyOf(path),
      shipped: (path: string) => path,
    });

  it('takes a key from a file, pinned in any spelling', () => {
    const spelled = LAB.toLowerCase().replace(/(.{4})/g, '$1 ');
    assert.equal(resolve({ file: 'lab', fingerprints: [spelled] }).content, keyOf('lab'));
  });

  it('refuses a key that is not named, and a name that no key has', () => {
    assert.throws(
      () => resolve({ file: 'other', fingerprints: [LAB] }),
      new RegExp(`fingerprint ${OTHER}, which`),
    );
    assert.throws(
      () => resolve({ content: keyOf('lab'), fingerprints: [LAB, OTHER] }),
      new RegExp(`no fingerprint ${OTHER}`),
    );
  });

  it('refuses short ids, keys without a fingerprint, and two contents', () => {
    const parses = (fields: object): boolean => aptKey.desired.safeParse({ name: 'lab', ...fields }).success;
    assert.ok(!parses({ file: 'lab', fingerprints: ['344BB73C'] }));
    assert.ok(!parses({ file: 'lab' }));
    assert.ok(!parses({ file: 'lab', content: 'x', fingerprints: [LAB] }));
    assert.ok(!parses({ name: '../x', file: 'lab', fingerprints: [LAB] }));
    assert.ok(parses({ ensure: 'absent' }));
  });
});
