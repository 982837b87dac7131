import { strict as assert } from 'node:assert';
import { altroots, parseDatasets, zfsRelease } from '../../src/facts/zfs-list.ts';

const line = (...fields: string[]): string => `${fields.join('\t')}\n`;
const TYPE = line('tank', 'type', 'filesystem', '-');

describe('zfs get', () => {
  it('is read with sources and numbers beyond what a double holds', () => {
    const found = parseDatasets(
      TYPE +
        line('tank', 'guid', '18446744073709551557', '-') +
        line('tank', 'quota', '1503238553', 'received') +
        line('tank', 'sync', 'always', 'inherited from tank/a b'),
    );
    assert.deepEqual(found.get('tank'), {
      type: { value: 'filesystem', source: 'none' },
      guid: { value: '18446744073709551557', source: 'none' },
      quota: { value: '1503238553', source: 'received' },
      sync: { value: 'always', source: 'inherited' },
    });
    assert.equal(parseDatasets('').size, 0);
  });

  it('finds what is far down a long list', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `tank/d${index}`);
    const found = parseDatasets(names.map((name) => line(name, 'type', 'filesystem', '-')).join(''));
    assert.deepEqual(
      [found.size, found.has('tank/d0'), found.has('tank/d19999'), found.has('tank/d2000')],
      [20_000, true, true, true],
    );
    assert.equal(found.has('tank/d'), false);
  });

  it('is read where a user property has tabs, newlines, or nothing', () => {
    const found = parseDatasets(
      TYPE +
        line('tank', 'x:lines', 'a\n\nb', 'local') +
        line('tank', 'x:tabs', 'a\tb\nc', 'local') +
        line('tank', 'x:empty', '', 'local'),
    );
    const value = (name: string) => found.get('tank')?.[name]?.value;
    assert.deepEqual(['x:lines', 'x:tabs', 'x:empty'].map(value), ['a\n\nb', 'a\tb\nc', '']);
  });

  it('is not believed where a user property forges a line', () => {
    const forged = line('tank', 'x:y', 'a\tlocal\ntank\tmountpoint\t/etc', 'local');
    const own = line('tank', 'mountpoint', '/tank', 'default');
    assert.throws(() => parseDatasets(TYPE + own + forged), /tank has two values of mountpoint/);
    const unset = line('tank', 'x:z', '-', '-');
    const setByAnother = line('tank', 'x:y', 'a\tlocal\ntank\tx:z\tyes', 'local');
    assert.throws(() => parseDatasets(TYPE + setByAnother + unset), /tank has two values of x:z/);
    const other = line('tank', 'x:y', 'a\tlocal\ntank/b\tquota\t0', 'local');
    assert.throws(() => parseDatasets(TYPE + other), /tank\/b has no type/);
  });

  it('is not guessed at', () => {
    assert.throws(() => parseDatasets('tank\ttype\n'), /not the line that was asked for/);
    assert.throws(
      () => parseDatasets(line('tank', 'type', 'filesystem', 'elsewhere')),
      /not the line that was asked for/,
    );
  });
});

describe('what else tells of ZFS', () => {
  it('names the pools with an alternate root', () => {
    const parsed = altroots.parse('alt\t/alt\ntank\t-\n', { code: 0, stdout: '', stderr: '' });
    assert.deepEqual([...parsed], [['alt', '/alt']]);
  });

  it('has the release of the module', () => {
    assert.equal(zfsRelease.parse('2.1.11-1+deb12u1\n'), '2.1');
    assert.equal(zfsRelease.parse('2.3.9-0+deb13u1\n'), '2.3');
    assert.throws(() => zfsRelease.parse('unknown\n'), /not a version/);
  });
});
