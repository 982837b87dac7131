import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from '../../src/facts/disk-place.ts';
import { zfsLabelOn } from '../../src/facts/zdb-label.ts';
import { leavesOf, parseConfig } from '../../src/facts/zpool-config.ts';
import { importablePools } from '../../src/facts/zpool-import.ts';
import { poolProperties } from '../../src/facts/zpool-properties.ts';
import { poolStatuses } from '../../src/facts/zpool-status.ts';
import { FakeHost } from '../support/fake-host.ts';

const result = (stdout: string) => ({ code: 0, stdout, stderr: '' });
const statuses = (stdout: string) => [...(poolStatuses.parse(stdout, result(stdout)) ?? [])];
const captured = readFileSync(join(import.meta.dirname, 'zpool/many.txt'), 'utf8');

describe('zpool status', () => {
  it('is read with every class, what stands in for what, and where a missing disk was', () => {
    const [many, dr] = statuses(captured);
    assert.equal(many?.scan?.startsWith('resilver in progress since Tue Nov 24 04:22:24 2026 262K'), true);
    assert.match(many.status ?? '', /^One or more .* The pool will continue .* state$/);
    assert.deepEqual(
      many.config.data.map(({ type, leaves }) => [type, leaves.map(({ path }) => path)]),
      [['raidz1', ['/dev/disk/by-id/virtio-spare-a-part1', 'replacing-1', '3847239']]],
    );
    assert.equal(many.config.data[0]?.leaves[2]?.was, '/dev/disk/by-id/virtio-x-part1');
    assert.deepEqual(
      leavesOf(many.config).map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
      [
        'virtio-spare-a-part1',
        'virtio-spare-b-part1',
        '7',
        '3847239',
        '5',
        '6',
        '2',
        'virtio-spare-c-part1',
        '4',
      ],
    );
    assert.equal(dr?.config.data[0]?.type, 'draid1:2d:4c:1s');
    assert.equal(dr.errors, 'No known data errors');
  });

  it('has no pools where there are none', () => {
    assert.deepEqual(statuses('no pools available\n'), []);
  });

  it('does not guess: a class that is not known and a pool without a tree are errors', () => {
    assert.throws(() => parseConfig(['\ttank', '\t  sda', '\thot', '\t  sdb']), /not a class of vdevs: hot/);
    assert.throws(() => parseConfig([]), /without a configuration/);
    assert.throws(() => statuses('  pool: x\nconfig:\n\n\tx\n\t  sda\n'), /without "state:"/);
  });
});

describe('zpool import', () => {
  it('tells a pool that another host has from one that was exported', () => {
    const text = (status: string) =>
      `  pool: old\n    id: 18446744073709551615\n state: ONLINE\n${status}action: The pool can be imported.\nconfig:\n\n\told  ONLINE\n\t  sda  ONLINE\n`;
    const read = (stdout: string) => importablePools.parse(stdout, result(stdout))[0];
    assert.deepEqual([read(text(''))?.ofOtherHost, read(text(''))?.guid], [false, '18446744073709551615']);
    const foreign = read(text('status: The pool was last accessed by another system.\n'));
    assert.equal(foreign?.ofOtherHost, true);
  });
});

describe('zpool get', () => {
  it('refuses lines of another form', () => {
    assert.throws(() => poolProperties.parse('tank\tsize\n', result('')), /not the line that was asked for/);
  });
});

describe('zdb -l', () => {
  it('knows the host, the state, and a spare without a pool', () => {
    const read = (stdout: string) => zfsLabelOn('/dev/sda1').parse(stdout, result(stdout));
    assert.deepEqual(read("    state: 2\n    name: 'a b'\n    pool_guid: 7\n    hostname: 'h'\n"), {
      pool: 'a b',
      guid: '7',
      state: 'destroyed',
      host: 'h',
    });
    assert.deepEqual(read('    state: 3\n'), { pool: 'unknown', guid: 'unknown', state: 'hot spare' });
    assert.equal(read('failed to unpack label 0\n'), undefined);
  });
});

describe('the place of a disk', () => {
  it('is undefined where a name leads nowhere', () => {
    const host = new FakeHost({
      files: { '/dev/disk/by-id/x': { target: '../../sdx' }, '/dev/sub/y': { type: 'other' } },
    });
    assert.equal(placeOf(host, '/dev/disk/by-id/x'), undefined);
    assert.equal(placeOf(host, '/dev/sub/y'), undefined);
    assert.equal(placeOf(host, 'nothing'), undefined);
  });
});
