import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'fs-extra';
import { Unreadable, UnsafePath } from '../../src/host/errors.ts';
import { placeholderFor } from '../../src/host/placeholder.ts';
import { RealReader } from '../../src/host/real-reader.ts';
import { isRoot, temporaryFolder } from '../support/temporary-folder.ts';

describe('reading this machine', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => `${folder.path}/${name}`;
  let reader: RealReader;

  beforeEach(() => {
    reader = new RealReader();
  });

  const unreadable = (read: () => unknown, message: RegExp): void => {
    assert.throws(read, (error: Error) => {
      assert.ok(error instanceof Unreadable, String(error));
      assert.match(error.message, message);
      return true;
    });
  };

  it('gives the content of files, and nothing for what is not there', () => {
    fs.writeFileSync(at('file'), Buffer.from([0, 255, 10]));
    fs.writeFileSync(at('empty'), '');
    fs.writeFileSync(at('large'), Buffer.alloc(1 << 20, 'x'));
    assert.deepEqual(reader.readFile(at('file')), Buffer.from([0, 255, 10]));
    assert.equal(reader.readFile(at('empty'))?.length, 0);
    assert.equal(reader.readFile(at('large'))?.length, 1 << 20);
    assert.equal(reader.readFile(at('none')), undefined);
    assert.equal(reader.readFile(at('file/below')), undefined);
  });

  it('reads files of /proc, which have no size, to their end', () => {
    assert.ok(reader.readFile('/proc/self/environ'));
    const maps = reader.readFile('/proc/self/maps')!.toString();
    assert.ok(maps.length > 4096);
    assert.match(maps, /\n$/);
    assert.equal(reader.readFile('/proc/sys/kernel/ostype')?.toString(), 'Linux\n');
  });

  it('does not hang at a FIFO, nor read a device, a directory or a symlink', () => {
    execFileSync('mkfifo', [at('fifo')]);
    fs.symlinkSync('fifo', at('link'));
    unreadable(() => reader.readFile(at('fifo')), /fifo: not a regular file$/);
    unreadable(() => reader.readFile('/dev/zero'), /^cannot read \/dev\/zero: not a regular file$/);
    unreadable(() => reader.readFile(folder.path), /: not a regular file$/);
    unreadable(() => reader.readFile(at('link')), /link: ELOOP$/);
  });

  it('reads no more than 16 MiB', () => {
    fs.writeFileSync(at('huge'), '');
    fs.truncateSync(at('huge'), (16 << 20) + 1);
    unreadable(() => reader.readFile(at('huge')), /huge: larger than 16777216 bytes$/);
    fs.truncateSync(at('huge'), 16 << 20);
    assert.equal(reader.readFile(at('huge'))?.length, 16 << 20);
  });

  it('says what a file is, and where a symlink points', () => {
    fs.writeFileSync(at('file'), 'text', { mode: 0o640 });
    fs.symlinkSync('../x', at('link'));
    const { type, mode, size, nlink } = reader.lstat(at('file'))!;
    assert.deepEqual({ type, mode, size, nlink }, { type: 'file', mode: 0o640, size: 4, nlink: 1 });
    assert.equal(reader.lstat(folder.path)?.type, 'directory');
    assert.equal(reader.lstat(at('link'))?.target, '../x');
    assert.equal(reader.lstat('/dev/null')?.type, 'other');
    assert.equal(reader.lstat(at('none')), undefined);
    assert.equal(reader.lstat(at('file/below')), undefined);
    unreadable(() => reader.lstat(`/${'n'.repeat(300)}`), /ENAMETOOLONG$/);
  });

  it('lists directories, sorted', () => {
    for (const name of ['b', 'a', 'C']) fs.writeFileSync(at(name), '');
    assert.deepEqual(reader.readDirectory(folder.path), ['C', 'a', 'b']);
    assert.equal(reader.readDirectory(at('none')), undefined);
    assert.equal(reader.readDirectory(at('a')), undefined);
    unreadable(() => reader.readDirectory(`/${'n'.repeat(300)}`), /ENAMETOOLONG$/);
  });

  describe('in hostile ground', () => {
    it('goes through no symlink that a user planted', () => {
      fs.ensureDirSync(at('home/alice'));
      fs.ensureDirSync(at('etc'));
      fs.writeFileSync(at('etc/file'), 'secret');
      fs.symlinkSync(at('etc'), at('home/alice/.ssh'));
      fs.writeFileSync(at('home/alice/plain'), 'plain');
      if (isRoot) fs.chownSync(at('home/alice'), 1000, 1000);
      assert.equal(reader.readFileInHostileGround(at('home/alice/plain'))?.toString(), 'plain');
      assert.equal(reader.lstatInHostileGround(at('home/alice/plain'))?.size, 5);
      assert.equal(reader.lstatInHostileGround(at('home/none/plain')), undefined);
      assert.equal(reader.readFileInHostileGround(at('home/alice/none')), undefined);
      assert.throws(() => reader.readFileInHostileGround(at('home/alice/.ssh/file')), UnsafePath);
      assert.throws(() => reader.lstatInHostileGround(at('home/alice/.ssh/file')), UnsafePath);
    });

    it('sees what is new in folders that it keeps open, and opens many of them', () => {
      for (let index = 0; index < 100; index += 1) {
        fs.ensureDirSync(at(`home/u${index}/deep`));
        assert.equal(reader.lstatInHostileGround(at(`home/u${index}/deep/file`)), undefined);
        fs.writeFileSync(at(`home/u${index}/deep/file`), '');
        assert.equal(reader.lstatInHostileGround(at(`home/u${index}/deep/file`))?.type, 'file');
      }
    });
  });

  describe('secrets', () => {
    const write = (name: string, mode: number): string => {
      fs.writeFileSync(at(name), 's3cret\n');
      fs.chmodSync(at(name), mode);
      return at(name);
    };
    const withCredentials = (value: string | undefined, act: () => void): void => {
      const before = process.env['CREDENTIALS_DIRECTORY'];
      if (value === undefined) delete process.env['CREDENTIALS_DIRECTORY'];
      else process.env['CREDENTIALS_DIRECTORY'] = value;
      try {
        act();
      } finally {
        if (before === undefined) delete process.env['CREDENTIALS_DIRECTORY'];
        else process.env['CREDENTIALS_DIRECTORY'] = before;
      }
    };

    it('are read without their newline from a file that is its owner’s alone', () => {
      const secret = reader.secret({ file: write('secret', 0o600) });
      assert.equal(secret.reveal(), 's3cret');
      assert.equal(String(secret) + JSON.stringify(secret), '«secret»"«secret»"');
    });

    it('are refused when others could read them or have written them', () => {
      unreadable(() => reader.secret({ file: write('a', 0o640) }), /a: has mode 0640; .* chmod 0600 /);
      unreadable(() => reader.secret({ file: write('b', 0o602) }), /b: has mode 0602; /);
      unreadable(() => reader.secret({ file: at('none') }), /none: no such file$/);
      if (!isRoot) return;
      fs.chownSync(write('c', 0o600), 1000, 1000);
      unreadable(() => reader.secret({ file: at('c') }), /c: is owned by uid 1000; .* chown root:root /);
    });

    it('are not there yet while their file has the placeholder', () => {
      const file = write('waits', 0o600);
      fs.writeFileSync(file, placeholderFor('a token'));
      unreadable(() => reader.secret({ file }), /waits: still waits for its secret; write it there$/);
    });

    it('may be credentials of systemd', () => {
      write('smb', 0o440);
      withCredentials(folder.path, () => {
        assert.equal(reader.secret({ credential: 'smb' }).reveal(), 's3cret');
      });
      withCredentials(undefined, () => {
        unreadable(() => reader.secret({ credential: 'smb' }), /credential smb: not started by systemd/);
      });
    });
  });
});
