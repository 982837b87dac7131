import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'fs-extra';
import { UnsafePath } from '../../src/host/errors.ts';
import type { FileMeta } from '../../src/host/host.ts';
import { RealHost } from '../../src/host/real-host.ts';
import { Secret } from '../../src/host/secret.ts';
import { isRoot, temporaryFolder } from '../support/temporary-folder.ts';

const [uid, gid] = [process.geteuid!(), process.getegid!()];
const meta = (mode: number, more: Partial<FileMeta> = {}): FileMeta => ({ mode, uid, gid, ...more });
const hash = (content: string): string => createHash('sha256').update(content).digest('hex');
const read = (path: string): string => fs.readFileSync(path, 'utf8');
const modeOf = (path: string): number => fs.lstatSync(path).mode & 0o7777;

describe('changes of this machine', () => {
  // Before the folder is removed.
  afterEach(() => {
    noRests();
  });
  const folder = temporaryFolder();
  let work: string;
  let state: string;
  let host: RealHost;
  const at = (name: string): string => `${work}/${name}`;
  const kept = (content: string): string => `${state}/backups/${hash(content)}`;
  const noRests = (): void => {
    const names = fs.readdirSync(folder.path, { recursive: true }) as string[];
    assert.deepEqual(
      names.filter((name) => name.includes('.phoenix-tmp-')),
      [],
    );
  };
  /** Gives a folder to somebody without privileges; without root it is ours already, which is as bad. */
  const hostile = (path: string): void => {
    if (isRoot) fs.chownSync(path, 1000, 1000);
  };

  beforeEach(() => {
    work = `${folder.path}/work`;
    state = `${folder.path}/state`;
    fs.mkdirSync(work, { mode: 0o755 });
    host = new RealHost(state);
  });

  describe('writeFile', () => {
    it('makes a file with its owner and mode', async () => {
      const owner = isRoot ? { uid: 1000, gid: 1001 } : {};
      await host.writeFile(at('new'), 'text\n', meta(0o4751, owner));
      assert.equal(read(at('new')), 'text\n');
      const info = fs.statSync(at('new'));
      assert.deepEqual([info.uid, info.gid], isRoot ? [1000, 1001] : [uid, gid]);
      assert.equal(modeOf(at('new')), 0o4751);
    });

    it('does not care about the umask', async () => {
      const old = process.umask(0o777);
      try {
        await host.writeFile(at('new'), 'text', meta(0o666));
      } finally {
        process.umask(old);
      }
      assert.equal(modeOf(at('new')), 0o666);
    });

    it('replaces a file by another, and keeps the old content by its hash, root’s alone', async () => {
      fs.writeFileSync(at('file'), 'old', { mode: 0o644 });
      const { ino } = fs.statSync(at('file'));
      await host.writeFile(at('file'), Buffer.from([0, 255]), meta(0o600));
      assert.deepEqual(fs.readFileSync(at('file')), Buffer.from([0, 255]));
      assert.notEqual(fs.statSync(at('file')).ino, ino);
      assert.equal(read(kept('old')), 'old');
      assert.equal(modeOf(kept('old')), 0o600);
      assert.equal(modeOf(`${state}/backups`), 0o700);
      const entry = JSON.parse(read(`${state}/backups/index.jsonl`)) as Record<string, unknown>;
      assert.deepEqual(
        { ...entry, at: '' },
        { at: '', path: at('file'), sha256: hash('old'), mode: '644', uid, gid },
      );
    });

    it('writes the value of a secret', async () => {
      await host.writeFile(at('file'), new Secret('s3cret'), meta(0o600));
      assert.equal(read(at('file')), 's3cret');
    });

    it('refuses what is no plain file with one name, and leaves it alone', async () => {
      fs.writeFileSync(at('shadow'), 'shadow');
      fs.symlinkSync('shadow', at('symlink'));
      fs.mkdirSync(at('directory'));
      fs.linkSync(at('shadow'), at('hardlink'));
      execFileSync('mkfifo', [at('fifo')]);
      const refusals: Record<string, RegExp> = {
        symlink: /symlink is a symlink, not a regular file; not written$/,
        directory: /directory is a directory, not a regular file; not written$/,
        hardlink: /hardlink has 2 hard links; .*; not written$/,
        fifo: /fifo is a other, not a regular file|fifo is a device, socket or FIFO/,
      };
      for (const [name, message] of Object.entries(refusals))
        await assert.rejects(host.writeFile(at(name), 'evil', meta(0o666)), (error: Error) => {
          assert.ok(error instanceof UnsafePath);
          assert.match(error.message, message);
          return true;
        });
      assert.equal(read(at('shadow')), 'shadow');
      assert.equal(modeOf(at('shadow')), 0o644);
    });

    it('refuses a parent that is a symlink where somebody else could have planted it', async () => {
      fs.mkdirpSync(at('home/alice'));
      fs.mkdirSync(at('etc'));
      fs.symlinkSync(at('etc'), at('home/alice/.ssh'));
      hostile(at('home/alice'));
      await assert.rejects(
        host.writeFile(at('home/alice/.ssh/authorized_keys'), 'evil', meta(0o600)),
        /"\.ssh" is a symlink where an unprivileged user could have planted it; not followed/,
      );
      assert.throws(() => {
        host.makeDirectory(at('home/alice/.ssh/x'), meta(0o700));
      }, UnsafePath);
      assert.throws(() => {
        host.removeFile(at('home/alice/.ssh/x'));
      }, UnsafePath);
      assert.throws(() => {
        host.symlink('x', at('home/alice/.ssh/x'));
      }, UnsafePath);
      assert.deepEqual(fs.readdirSync(at('etc')), []);
    });

    it('refuses a symlink of a user in a folder of root, and one below a folder that all can write', async () => {
      fs.mkdirSync(at('etc'));
      fs.symlinkSync('etc', at('link'));
      if (isRoot) fs.lchownSync(at('link'), 1000, 1000);
      await assert.rejects(host.writeFile(at('link/f'), 'evil', meta(0o600)), UnsafePath);
      fs.mkdirSync(at('open'));
      fs.chmodSync(at('open'), 0o1777);
      fs.symlinkSync(at('etc'), at('open/link'));
      await assert.rejects(host.writeFile(at('open/link/f'), 'evil', meta(0o600)), UnsafePath);
      assert.deepEqual(fs.readdirSync(at('etc')), []);
    });

    it('follows root’s own symlinks, relative, absolute and upwards', async () => {
      fs.mkdirpSync(at('real/deep'));
      fs.symlinkSync('real/deep', at('relative'));
      fs.symlinkSync(at('real'), at('absolute'));
      fs.symlinkSync('../work/./real', at('upwards'));
      const write = (path: string) => host.writeFile(at(path), path, meta(0o644));
      if (!isRoot) {
        // Nobody's symlinks are root's.
        await assert.rejects(write('relative/f'), UnsafePath);
        return;
      }
      for (const path of ['relative/r', 'absolute/deep/a', 'upwards/deep/u']) await write(path);
      assert.deepEqual(fs.readdirSync(at('real/deep')).sort(), ['a', 'r', 'u']);
    });

    it('gives up on symlinks in a circle, and says what is missing or no directory', async () => {
      fs.symlinkSync('b', at('a'));
      fs.symlinkSync('a', at('b'));
      fs.writeFileSync(at('file'), '');
      await assert.rejects(host.writeFile(at('a/f'), '', meta(0o600)), UnsafePath);
      await assert.rejects(host.writeFile(at('file/f'), '', meta(0o600)), /"file" is not a directory/);
      await assert.rejects(host.writeFile(at('none/f'), '', meta(0o600)), /ENOENT/);
    });

    it('leaves the old file and no rest when the new one cannot take its place', async () => {
      // A name that only the rename finds too long: the temporary one is shorter.
      const long = 'n'.repeat(300);
      await assert.rejects(host.writeFile(at(long), 'text', meta(0o644)), /ENAMETOOLONG/);
      assert.deepEqual(fs.readdirSync(work), []);
    });

    it('writes only what its check accepts; the check sees the content under its own name, elsewhere', async () => {
      fs.writeFileSync(at('rules'), 'old');
      const check = (script: string) => ({ program: 'sh', args: ['-c', script, 'check'] });
      await assert.rejects(
        host.writeFile(at('rules'), 'bad', { ...meta(0o644), checkedBy: check('echo "line 1: no"; exit 1') }),
        /exit code 1\n {2}line 1: no$/,
      );
      assert.equal(read(at('rules')), 'old');
      const strict = `test "$(cat "$1")" = good && test "$(basename "$1")" = rules && case "$1" in ${work}/*) false;; esac`;
      await host.writeFile(at('rules'), 'good', { ...meta(0o644), checkedBy: check(strict) });
      assert.equal(read(at('rules')), 'good');
      assert.deepEqual(fs.readdirSync(`${state}/candidates`), []);
    });
  });

  describe('restoreFile', () => {
    it('brings back what was kept', async () => {
      fs.writeFileSync(at('file'), 'old');
      await host.writeFile(at('file'), 'new', meta(0o644));
      await host.restoreFile(at('file'), hash('old'), meta(0o640));
      assert.equal(read(at('file')), 'old');
      assert.equal(modeOf(at('file')), 0o640);
      assert.equal(read(kept('new')), 'new');
    });

    it('notices that it is damaged, or gone', async () => {
      fs.writeFileSync(at('file'), 'old');
      await host.writeFile(at('file'), 'new', meta(0o644));
      fs.writeFileSync(kept('old'), 'odd');
      await assert.rejects(
        async () => host.restoreFile(at('file'), hash('old'), meta(0o644)),
        /damaged, its content does not have its hash$/,
      );
      await assert.rejects(
        async () => host.restoreFile(at('file'), hash('never'), meta(0o644)),
        /the old content is not kept any more$/,
      );
      assert.equal(read(at('file')), 'new');
    });
  });

  describe('makeDirectory', () => {
    it('makes one with its owner and mode, and no parents', () => {
      const owner = isRoot ? { uid: 1000, gid: 1001 } : {};
      host.makeDirectory(at('new'), meta(0o2770, owner));
      assert.equal(modeOf(at('new')), 0o2770);
      assert.equal(fs.statSync(at('new')).uid, isRoot ? 1000 : uid);
      assert.throws(() => {
        host.makeDirectory(at('none/new'), meta(0o755));
      }, /ENOENT/);
      assert.throws(() => {
        host.makeDirectory(at('new'), meta(0o755));
      }, /EEXIST/);
    });
  });

  describe('setMeta', () => {
    it('changes owner and mode of files and directories', () => {
      fs.writeFileSync(at('file'), '');
      fs.mkdirSync(at('directory'));
      host.setMeta(at('file'), meta(0o4711, isRoot ? { uid: 1000 } : {}));
      host.setMeta(at('directory'), meta(0o1700));
      assert.equal(modeOf(at('file')), 0o4711);
      assert.equal(modeOf(at('directory')), 0o1700);
      if (isRoot) assert.equal(fs.statSync(at('file')).uid, 1000);
    });

    it('never goes through a symlink, and not to a file with another name', () => {
      fs.writeFileSync(at('file'), '', { mode: 0o600 });
      fs.symlinkSync('file', at('symlink'));
      assert.throws(() => {
        host.setMeta(at('symlink'), meta(0o666));
      }, /symlink is a symlink; its owner and mode are not changed/);
      fs.linkSync(at('file'), at('other'));
      assert.throws(() => {
        host.setMeta(at('other'), meta(0o666));
      }, /other has 2 hard links/);
      assert.throws(() => {
        host.setMeta(at('none'), meta(0o666));
      }, /none is not there any more/);
      assert.equal(modeOf(at('file')), 0o600);
    });
  });

  describe('symlink', () => {
    it('makes one, and replaces one', () => {
      host.symlink('a', at('link'));
      host.symlink('../b', at('link'));
      assert.equal(fs.readlinkSync(at('link')), '../b');
    });

    it('displaces a file, which is kept, and an empty directory', () => {
      fs.writeFileSync(at('file'), 'old');
      fs.mkdirSync(at('empty'));
      for (const name of ['file', 'empty']) {
        assert.throws(() => {
          host.symlink('target', at(name));
        }, /is a (file|directory), not a symlink; not replaced$/);
        host.symlink('target', at(name), { displace: true });
        assert.equal(fs.readlinkSync(at(name)), 'target');
      }
      assert.equal(read(kept('old')), 'old');
    });

    it('moves a directory with content into the backups, whole', () => {
      fs.mkdirpSync(at('full/deep'));
      fs.writeFileSync(at('full/deep/file'), 'text');
      host.symlink('target', at('full'), { displace: true });
      const [line = ''] = read(`${state}/backups/index.jsonl`).trim().split('\n').slice(-1);
      const { directory } = JSON.parse(line) as { directory: string };
      assert.equal(read(`${state}/backups/${directory}/deep/file`), 'text');
    });

    it('does not displace a device, socket or FIFO', () => {
      execFileSync('mkfifo', [at('fifo')]);
      assert.throws(() => {
        host.symlink('target', at('fifo'), { displace: true });
      }, /is a device, socket or FIFO; not replaced$/);
    });
  });

  describe('removeFile', () => {
    it('keeps the content of a file, takes a symlink and not what it points to', () => {
      fs.writeFileSync(at('file'), 'old');
      fs.symlinkSync('file', at('link'));
      host.removeFile(at('link'));
      assert.equal(read(at('file')), 'old');
      host.removeFile(at('file'));
      host.removeFile(at('file'));
      assert.equal(read(kept('old')), 'old');
      assert.deepEqual(fs.readdirSync(work), []);
      fs.mkdirSync(at('directory'));
      assert.throws(() => {
        host.removeFile(at('directory'));
      }, /is a directory; not removed as a file$/);
    });
  });

  describe('removeDirectory', () => {
    it('takes an empty one; one with content only when told', () => {
      fs.mkdirpSync(at('full/deep'));
      fs.writeFileSync(at('full/deep/file'), 'text');
      assert.throws(() => {
        host.removeDirectory(at('full'));
      }, /ENOTEMPTY/);
      host.removeDirectory(at('full'), { recursive: true });
      host.removeDirectory(at('full'), { recursive: true });
      fs.mkdirSync(at('empty'));
      host.removeDirectory(at('empty'));
      assert.deepEqual(fs.readdirSync(work), []);
    });

    it('does not go through a symlink, inside or in its place', () => {
      fs.mkdirpSync(at('precious'));
      fs.writeFileSync(at('precious/file'), 'text');
      fs.mkdirSync(at('full'));
      fs.symlinkSync('../precious', at('full/link'));
      fs.symlinkSync('precious', at('link'));
      host.removeDirectory(at('full'), { recursive: true });
      assert.throws(() => {
        host.removeDirectory(at('link'), { recursive: true });
      }, /is a symlink; not removed as a directory$/);
      assert.equal(read(at('precious/file')), 'text');
    });

    it('takes names that are no UTF-8', () => {
      fs.mkdirSync(at('full'));
      fs.writeFileSync(Buffer.concat([Buffer.from(at('full/')), Buffer.from([0xff, 0xfe])]), 'text');
      host.removeDirectory(at('full'), { recursive: true });
      assert.deepEqual(fs.readdirSync(work), []);
    });
  });

  describe('writeKernel', () => {
    it('writes below /proc and /sys only, in place', () => {
      for (const path of [at('file'), '/proc/../etc/motd', '/sys/./x', '/procfs', 'proc/x', '/proc//x'])
        assert.throws(() => {
          host.writeKernel(path, 'x');
        }, /is not below \/proc or \/sys; not written in place$/);
      const path = '/proc/self/comm';
      const old = read(path).trim();
      host.writeKernel(path, 'phoenix-test');
      assert.equal(read(path).trim(), 'phoenix-test');
      host.writeKernel(path, old);
    });
  });

  it('keeps notes until they are taken', () => {
    host.note('a');
    host.note('b', 'key');
    assert.deepEqual(host.takeNotes(), [{ text: 'a' }, { text: 'b', key: 'key' }]);
    assert.deepEqual(host.takeNotes(), []);
  });

  it('tells how far it is to whoever watches now, if anybody does', () => {
    const told: string[] = [];
    host.progress('lost');
    host.watchedBy((text) => told.push(`old ${text}`));
    host.watchedBy((text) => told.push(`new ${text}`));
    host.progress('half');
    assert.deepEqual(told, ['new half']);
  });

  describe('facts', () => {
    const lines = (path: string) => ({
      name: `lines of ${path}`,
      path,
      absent: -1,
      parse: (text: string) => text.split('\n').length,
    });

    it('are read once, and anew after what they depend on was changed', async () => {
      const fact = lines(at('deep/file'));
      assert.equal(await host.fact(fact), -1);
      fs.mkdirSync(at('deep'));
      fs.writeFileSync(at('deep/file'), 'a');
      assert.equal(await host.fact(fact), -1);
      await host.writeFile(at('other'), '', meta(0o644));
      assert.equal(await host.fact(fact), -1);
      host.setMeta(at('deep/file'), meta(0o600));
      assert.equal(await host.fact(fact), 1);
      await host.writeFile(at('deep/file'), 'a\nb', meta(0o644));
      assert.equal(await host.fact(fact), 2);
      host.removeDirectory(at('deep'), { recursive: true });
      assert.equal(await host.fact(fact), -1);
    });

    it('of programs are forgotten with every change; all are when a program has run, also when it failed', async () => {
      let parsed = 0;
      const fact = {
        name: 'date',
        command: { program: 'date', args: [] },
        absent: 0,
        parse: () => (parsed += 1),
      };
      await Promise.all([host.fact(fact), host.fact(fact)]);
      assert.equal(parsed, 1);
      host.removeFile(at('nothing'));
      assert.equal(await host.fact(fact), 2);
      const files = lines(at('file'));
      assert.equal(await host.fact(files), -1);
      fs.writeFileSync(at('file'), 'a');
      await assert.rejects(host.run({ program: 'false', args: [] }));
      assert.equal(await host.fact(fact), 3);
      assert.equal(await host.fact(files), 1);
      assert.equal((await host.run({ program: 'true', args: [] })).code, 0);
    });

    it('of programs that are missing are absent; of those that fail unknown', async () => {
      const fact = (program: string, args: string[] = []) => ({
        name: [program, ...args].join(' '),
        command: { program, args, okCodes: [0, 2] },
        absent: 'absent',
        parse: (stdout: string, { code }: { code: number }) => `${code}:${stdout}`,
      });
      assert.equal(await host.fact(fact('no-such-program')), 'absent');
      assert.equal(await host.fact(fact('sh', ['-c', 'exit 2'])), '2:');
      await assert.rejects(host.fact(fact('sh', ['-c', 'exit 1'])), /exit code 1/);
    });
  });
});
