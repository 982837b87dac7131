/** Regular files stand for disks: all but the exclusive hold, which the lab shows (test/lab/zfs-disks.lab.ts). */
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import fs from 'fs-extra';
import { clearBlockDevice, readBlockDevice } from '../../src/host/block-device.ts';
import { EDGE, edgesOf } from '../../src/host/disk-edges.ts';
import { Unreadable } from '../../src/host/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 * 1024;
const SIZE = 40 * MIB;
const sizeOf = (path: string): number => fs.statSync(path).size;

describe('a block device', () => {
  const folder = temporaryFolder();
  let disk: string;
  let state: string;

  const write = (at: number, content: Buffer): void => {
    const descriptor = fs.openSync(disk, 'r+');
    fs.writeSync(descriptor, content, 0, content.length, at);
    fs.closeSync(descriptor);
  };
  const clear = (
    parts: { offset: number; length: number }[] = [],
    stillSo = async () => Promise.resolve(),
  ): Promise<void> => clearBlockDevice(state, disk, { parts, keepAs: 'ata-X', stillSo }, sizeOf);
  /** The pieces that were kept, by their offset. */
  const kept = (): Map<number, Buffer> => {
    const disks = `${state}/backups/disks`;
    if (!fs.existsSync(disks)) return new Map();
    const [name = '', ...more] = fs.readdirSync(disks);
    assert.deepEqual(more, []);
    assert.match(name, /^\d{4}-\d\d-\d\dT\d{9}Z-ata-X$/);
    return new Map(
      fs
        .readdirSync(`${disks}/${name}`)
        .map((file) => [
          Number(/^at-(\d+)\.img$/.exec(file)?.[1]),
          fs.readFileSync(`${disks}/${name}/${file}`),
        ]),
    );
  };

  beforeEach(() => {
    disk = `${folder.path}/disk`;
    state = `${folder.path}/state`;
    fs.writeFileSync(disk, '');
    fs.truncateSync(disk, SIZE);
  });

  it('is empty only if every byte of both ends is zero', () => {
    assert.deepEqual(readBlockDevice(disk, sizeOf), { size: SIZE, edges: 'zero' });
    for (const at of [0, EDGE - 1, SIZE - EDGE, SIZE - 1]) {
      write(at, Buffer.from([1]));
      assert.deepEqual(readBlockDevice(disk, sizeOf), { size: SIZE, edges: 'data' }, `a byte at ${at}`);
      write(at, Buffer.from([0]));
    }
    for (const at of [EDGE, SIZE - EDGE - 1]) write(at, Buffer.from([1]));
    assert.equal(readBlockDevice(disk, sizeOf)?.edges, 'zero', 'what lies between is not looked at');
  });

  it('is empty as well when it is smaller than both ends together', () => {
    fs.truncateSync(disk, 5 * MIB);
    assert.equal(readBlockDevice(disk, sizeOf)?.edges, 'zero');
    write(3 * MIB, Buffer.from([1]));
    assert.equal(readBlockDevice(disk, sizeOf)?.edges, 'data');
  });

  it('is unreadable, not empty, when it ends early or cannot be opened', () => {
    assert.throws(() => readBlockDevice(disk, () => SIZE + MIB), Unreadable);
    assert.throws(() => readBlockDevice(`${folder.path}/gone`, () => SIZE), Unreadable);
  });

  it('is known by its kernel name only, and is not there if the kernel has none', () => {
    for (const path of ['/dev/disk/by-id/x', '/dev/../etc/passwd', '/dev/.x', disk])
      assert.throws(() => readBlockDevice(path), Unreadable, path);
    assert.equal(readBlockDevice('/dev/phoenix-no-such-disk'), undefined);
  });

  it('has both ends of itself and of its partitions cleared, each byte of them kept, and no other touched', async () => {
    const before = randomBytes(SIZE);
    fs.writeFileSync(disk, before);
    await clear([{ offset: 12 * MIB, length: 16 * MIB }]);
    const after = fs.readFileSync(disk);
    const expected = Buffer.from(before);
    for (const [from, to] of [
      [0, 4],
      [12, 16],
      [24, 28],
      [36, 40],
    ])
      expected.fill(0, from! * MIB, to! * MIB);
    assert.ok(after.equals(expected));
    // As the page for operators puts it back.
    for (const [offset, content] of kept()) write(offset, content);
    assert.ok(fs.readFileSync(disk).equals(before));
  });

  it('is as it was, with nothing kept, when it is not what was agreed on', async () => {
    const before = randomBytes(SIZE);
    fs.writeFileSync(disk, before);
    await assert.rejects(
      clear([], () => Promise.reject(new Error('another disk'))),
      /another disk/,
    );
    assert.ok(fs.readFileSync(disk).equals(before));
    assert.equal(kept().size, 0);
  });

  it('is as it was when what is on it cannot be kept', async () => {
    const before = randomBytes(SIZE);
    fs.writeFileSync(disk, before);
    fs.ensureDirSync(state);
    fs.writeFileSync(`${state}/backups`, 'in the way');
    await assert.rejects(clear());
    assert.ok(fs.readFileSync(disk).equals(before));
  });

  it('is an error when it is gone', async () => {
    await assert.rejects(
      clearBlockDevice(state, '/dev/phoenix-no-such-disk', {
        parts: [],
        keepAs: 'x',
        stillSo: () => Promise.resolve(),
      }),
      /no such disk/,
    );
  });

  it('has its ends in order and without overlap', () => {
    const piece = (from: number, to: number) => ({ offset: from * MIB, length: (to - from) * MIB });
    assert.deepEqual(edgesOf([piece(0, 6)]), [piece(0, 6)]);
    assert.deepEqual(edgesOf([piece(0, 40), piece(1, 20), piece(20, 39)]), [
      piece(0, 5),
      piece(16, 24),
      piece(35, 40),
    ]);
  });
});
