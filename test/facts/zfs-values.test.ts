import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { datasetName, parentOf, poolOf } from '../../src/facts/zfs-names.ts';
import { isUserProperty, PROPERTIES } from '../../src/facts/zfs-properties.ts';
import { exactSize, humanSize, parseSize } from '../../src/facts/zfs-sizes.ts';
import { liveValue, normalValue, shownValue } from '../../src/facts/zfs-values.ts';

const bytes = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('sizes of ZFS', () => {
  it('are read as zfs reads them', () => {
    const read: [string, bigint | undefined][] = [
      ['1.4G', 1503238553n],
      ['1024m', 2n ** 30n],
      ['1G', 2n ** 30n],
      ['1GiB', 2n ** 30n],
      ['1GB', 2n ** 30n],
      ['.5G', undefined],
      ['1.5', undefined],
      ['1.5B', undefined],
      ['10B', 10n],
      ['16E', undefined],
      ['18446744073709551615', 2n ** 64n - 1n],
      ['18446744073709551616', undefined],
      ['-1', undefined],
      ['1e3', undefined],
      ['', undefined],
    ];
    for (const [text, expected] of read) assert.equal(parseSize(text), expected, text);
  });

  it('keep every byte when they are shown exactly', () => {
    fc.assert(fc.property(bytes, (size) => parseSize(exactSize(size)) === size));
    assert.deepEqual([0n, 1023n, 1536n * 1024n, 2n ** 40n].map(exactSize), ['0', '1023', '1536K', '1T']);
  });

  it('are short for people', () => {
    assert.deepEqual([0n, 1023n, 1536n, 1503238553n, 2n ** 63n].map(humanSize), [
      '0 bytes',
      '1023 bytes',
      '1.5 KiB',
      '1.39 GiB',
      '8 EiB',
    ]);
  });
});

describe('values of properties', () => {
  it('have one spelling each', () => {
    const same: [string, string | number | boolean, string][] = [
      ['quota', 'none', '0'],
      ['quota', '1.4G', '1503238553'],
      ['quota', 1024, '1K'],
      ['refreservation', 0, 'none'],
      ['recordsize', '1M', '1048576'],
      ['atime', false, 'off'],
      ['acltype', 'posixacl', 'posix'],
      ['acltype', 'noacl', 'off'],
      ['aclinherit', 'secure', 'restricted'],
      ['compression', 'zstd-3', 'zstd'],
      ['compression', 'gzip', 'gzip-6'],
      ['copies', 2, '2'],
      ['snapshot_limit', '18446744073709551615', 'none'],
      ['xattr', 'on', 'sa'],
    ];
    for (const [name, a, b] of same) assert.equal(normalValue(name, a), normalValue(name, b), name);
    assert.notEqual(normalValue('compression', 'on'), normalValue('compression', 'lz4'));
    assert.equal(normalValue('xattr', 'on', '2.2'), 'dir');
    assert.equal(normalValue('xattr', 'on', '3.0'), 'sa');
  });

  it('are refused where ZFS would refuse them', () => {
    const wrong: [string, string | number | boolean][] = [
      ['quota', 'lots'],
      ['atime', 'yes'],
      ['canmount', 'maybe'],
      ['compression', 'zstd-20'],
      ['mountpoint', 'srv'],
      ['mountpoint', '/srv/../etc'],
      ['mountpoint', '/srv/'],
      ['keylocation', '/etc/key'],
      ['filesystem_limit', '-1'],
      ['sharenfs', ''],
      ['x:y', ''],
      ['x:y', 'a\nb'],
      ['nosuch', 'x'],
    ];
    for (const [name, value] of wrong)
      assert.equal(normalValue(name, value), undefined, `${name}=${String(value)}`);
  });

  it('stay what they are when they are normalised again, and shown', () => {
    const word = fc.constantFrom(
      'on',
      'off',
      'none',
      'sa',
      'posixacl',
      'zstd-3',
      'gzip-6',
      '1K',
      '0',
      '7',
      '/',
      'geom',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(PROPERTIES)),
        fc.oneof(word, bytes.map(String)),
        (name, text) => {
          const normal = normalValue(name, text);
          if (normal === undefined) {
            assert.equal(liveValue(name, text), text);
            return;
          }
          assert.equal(normalValue(name, normal), normal);
          assert.equal(normalValue(name, shownValue(name, normal)), normal);
        },
      ),
    );
  });

  it("may have any text where the property is a user's", () => {
    assert.equal(normalValue('org.x:y', '$(id) -o x'), '$(id) -o x');
    assert.deepEqual(['a:b', ':a', 'a:', '-a:b', 'A:b', 'ab', 'a b:c'].map(isUserProperty), [
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('names of datasets', () => {
  it('hold to their grammar', () => {
    const right = ['tank', 'tank/a', 'tank/a b/c.d:e-f_g', 'rpool/data', 'tank/.hidden', 'tank/vm-x'];
    const wrong = [
      '',
      '-tank',
      '1tank',
      'tank/',
      '/tank',
      'tank//a',
      'tank/-a',
      'tank/..',
      'tank/.',
      'tank/a@b',
      'tank/a#b',
      'tank/a ',
      'tänk',
    ];
    const guests = [
      'tank/vm-100-disk-0',
      'tank/subvol-101-disk-0',
      'tank/base-9-disk-1',
      'tank/basevol-9-disk-1',
      'tank/vm-100-cloudinit',
      'tank/subvol-1-disk-0/x',
    ];
    for (const name of right) assert.equal(datasetName.safeParse(name).success, true, name);
    for (const name of [...wrong, ...guests]) assert.equal(datasetName.safeParse(name).success, false, name);
    assert.deepEqual(
      [poolOf('tank/a/b'), parentOf('tank/a/b'), parentOf('tank')],
      ['tank', 'tank/a', undefined],
    );
  });
});
