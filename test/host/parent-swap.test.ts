/** A user swaps a folder of their own, and a file in it, for symlinks to a folder of root's, while root changes things there. */
import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import fs from 'fs-extra';
import { isCode, UnsafePath } from '../../src/host/errors.ts';
import { RealHost } from '../../src/host/real-host.ts';
import { isRoot, temporaryFolder } from '../support/temporary-folder.ts';

const USER = 1000;
const MILLISECONDS = 3000;
const SECRET = 'of root alone\n';

/** As fast as it goes, until it is killed: now the folder and the file are what they are, now they lead to the victim. */
const SWAP = `
  my ($home, $victim) = @ARGV; chdir $home or die; $| = 1; print "swapping\\n";
  symlink $victim, "evil-dir"; symlink "$victim/file", "evil-file";
  while (1) {
    rename "dir", "hidden"; rename "evil-dir", "dir"; rename "dir", "evil-dir"; rename "hidden", "dir";
    rename "dir/file", "dir/aside"; symlink "$victim/file", "dir/file"; unlink "dir/file"; rename "dir/aside", "dir/file";
  }`;

/** Refused; or what was there is gone, or there again. */
const isTheirOwnAffair = (error: unknown): boolean =>
  error instanceof UnsafePath ||
  isCode(error, 'ENOENT', 'EEXIST', 'ELOOP', 'ENOTDIR', 'EINVAL') ||
  (error instanceof Error && error.message.endsWith(' is not there any more'));

/** Everything about a folder that a change would show. */
const pictureOf = (folder: string): unknown[] =>
  ['.', ...(fs.readdirSync(folder, { recursive: true }) as string[])].sort().map((name) => {
    const { mode, uid, gid, mtimeMs, ctimeMs, ino } = fs.lstatSync(join(folder, name));
    return [name, mode, uid, gid, mtimeMs, ctimeMs, ino];
  });

describe('a parent that is swapped for a symlink', function () {
  this.timeout(60_000);
  let swapper: ChildProcess;
  // Before the folder is removed.
  afterEach(() => {
    swapper.kill('SIGKILL');
  });
  const folder = temporaryFolder();

  before(() => {
    if (!isRoot) throw new Error('needs root, to be attacked by somebody who is not: run it with sudo');
  });

  it('never leads root elsewhere, whatever root does there', async () => {
    fs.chmodSync(folder.path, 0o755);
    const at = (name: string): string => join(folder.path, name);
    fs.outputFileSync(at('victim/file'), SECRET, { mode: 0o644 });
    fs.outputFileSync(at('victim/sub/precious'), SECRET);
    fs.outputFileSync(at('home/dir/file'), 'old');
    for (const name of ['home', 'home/dir', 'home/dir/file']) fs.chownSync(at(name), USER, USER);
    const before = pictureOf(at('victim'));

    const unprivileged = ['--reuid', String(USER), '--regid', String(USER), '--clear-groups'];
    swapper = spawn('setpriv', [...unprivileged, 'perl', '-e', SWAP, at('home'), at('victim')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(swapper.stdout!, 'data');

    const host = new RealHost(at('state'));
    const meta = { mode: 0o666, uid: USER, gid: USER };
    const file = at('home/dir/file');
    const seen = new Set<string | undefined>();
    const attempts: Readonly<Record<string, () => unknown>> = {
      write: () => host.writeFile(file, 'new', meta),
      writeAnother: () => host.writeFile(at('home/dir/another'), 'new', meta),
      setMeta: () => {
        host.setMeta(file, meta);
      },
      setMetaOfFolder: () => {
        host.setMeta(at('home/dir'), { ...meta, mode: 0o755 });
      },
      makeDirectory: () => {
        host.makeDirectory(at('home/dir/made'), meta);
      },
      symlink: () => {
        host.symlink('x', at('home/dir/link'), { displace: true });
      },
      removeFile: () => {
        host.removeFile(file);
      },
      removeDirectory: () => {
        host.removeDirectory(at('home/dir/made'), { recursive: true });
      },
      removeVictim: () => {
        host.removeDirectory(at('home/dir/sub'), { recursive: true });
      },
      read: () => seen.add(host.readFileInHostileGround(file)?.toString()),
    };
    const done = new Map<string, number>();
    const refused = new Map<string, number>();
    for (const end = Date.now() + MILLISECONDS; Date.now() < end;)
      for (const [name, attempt] of Object.entries(attempts))
        try {
          await attempt();
          done.set(name, (done.get(name) ?? 0) + 1);
        } catch (error) {
          const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
          if (!isTheirOwnAffair(cause)) throw error;
          if (cause instanceof UnsafePath) refused.set(name, (refused.get(name) ?? 0) + 1);
        }

    assert.deepEqual(pictureOf(at('victim')), before);
    assert.equal(fs.readFileSync(at('victim/file'), 'utf8'), SECRET);
    assert.ok(!seen.has(SECRET), 'root read what the symlink leads to');
    const secret = createHash('sha256').update(SECRET).digest('hex');
    assert.equal(fs.existsSync(at(`state/backups/${secret}`)), false);
    // It was a race: each was tried with the folder and without.
    for (const name of Object.keys(attempts)) {
      assert.ok((done.get(name) ?? 0) > 0, `${name} never succeeded`);
      assert.ok((refused.get(name) ?? 0) > 0, `${name} never met the symlink`);
    }
  });
});
