import { strict as assert } from 'node:assert';
import {
  chmodSync,
  lchownSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { NotFound, readTrustedFile, TrustedFiles, Untrusted } from '../../src/host/trusted-file.ts';

const owner = process.geteuid!();

describe('trusted files', () => {
  let root: string;
  let files: TrustedFiles;

  const refused = (path: string, ...parts: string[]): void => {
    assert.throws(
      () => files.read(join(root, path)),
      (error: Error) => {
        assert.ok(error instanceof Untrusted, String(error));
        for (const part of parts) assert.ok(error.message.includes(part), `${error.message}\nlacks ${part}`);
        return true;
      },
    );
  };

  const write = (path: string, mode: number, content = 'version: 1\n'): void => {
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'phoenix-trust-'));
    mkdirSync(join(root, 'etc'), { mode: 0o755 });
    files = new TrustedFiles({ owner, root });
  });
  afterEach(() => {
    files.close();
    rmSync(root, { recursive: true });
  });

  it('reads a file that only its owner can write', () => {
    write('etc/a.yaml', 0o644);
    assert.equal(files.read(join(root, 'etc/a.yaml')).toString(), 'version: 1\n');
  });

  it('refuses a file that others can write, and names it, its mode and the remedy', () => {
    write('etc/a.yaml', 0o666);
    refused('etc/a.yaml', '/etc/a.yaml is writable by everybody (mode 0666)', 'chmod go-w');
    write('etc/a.yaml', 0o664);
    refused('etc/a.yaml', 'is writable by its group (mode 0664)');
  });

  it('refuses a parent that others can write, sticky or not', () => {
    write('etc/a.yaml', 0o644);
    chmodSync(join(root, 'etc'), 0o777);
    refused('etc/a.yaml', `${root}/etc is writable by everybody (mode 0777)`);
    chmodSync(join(root, 'etc'), 0o1777);
    refused('etc/a.yaml', `${root}/etc is writable by everybody (mode 1777)`);
  });

  it('refuses a strange owner of a file, of a parent and of a symlink', () => {
    write('etc/a.yaml', 0o644);
    files = new TrustedFiles({ owner: owner + 1, root });
    refused('etc/a.yaml', `${root} is owned by uid ${owner}, expected uid ${owner + 1}`);
    if (owner !== 0) return;
    files = new TrustedFiles({ root });
    chownSync(join(root, 'etc/a.yaml'), 1000, 1000);
    refused('etc/a.yaml', '/etc/a.yaml is owned by uid 1000, expected root', 'chown root:root');
    symlinkSync('a.yaml', join(root, 'etc/link.yaml'));
    lchownSync(join(root, 'etc/link.yaml'), 1000, 1000);
    refused('etc/link.yaml', '/etc/link.yaml is a symlink owned by uid 1000');
  });

  it('follows a symlink of the owner, and checks where it leads', () => {
    mkdirSync(join(root, 'real'), { mode: 0o755 });
    write('real/a.yaml', 0o644);
    symlinkSync('../real/a.yaml', join(root, 'etc/file'));
    symlinkSync('../real', join(root, 'etc/folder'));
    assert.equal(files.read(join(root, 'etc/file')).toString(), 'version: 1\n');
    assert.equal(files.read(join(root, 'etc/folder/a.yaml')).toString(), 'version: 1\n');
    chmodSync(join(root, 'real'), 0o777);
    refused('etc/file', '/real is writable');
    files = new TrustedFiles({ owner, root });
    refused('etc/folder/a.yaml', '/real is writable');
  });

  it('gives up on symlinks without an end', () => {
    symlinkSync('b', join(root, 'etc/a'));
    symlinkSync('a', join(root, 'etc/b'));
    refused('etc/a', 'too many symlinks');
    refused('etc/a/c', 'too many symlinks');
  });

  it('refuses what is no regular file', () => {
    mkdirSync(join(root, 'etc/folder'), { mode: 0o755 });
    refused('etc/folder', 'is no regular file');
  });

  it('says which component is not there', () => {
    const missing = (path: string, told: string): void => {
      assert.throws(
        () => files.read(join(root, path)),
        (error: Error) => error instanceof NotFound && error.message.includes(told),
      );
    };
    missing('etc/none.yaml', '/etc/none.yaml does not exist');
    missing('etc/none/a.yaml', `there is no ${root}/etc/none`);
    write('etc/file', 0o644);
    missing('etc/file/a.yaml', 'there is no directory');
  });

  it('keeps a checked directory open, so that swapping it changes nothing', () => {
    write('etc/a.yaml', 0o644, 'good');
    files.read(join(root, 'etc/a.yaml'));
    renameSync(join(root, 'etc'), join(root, 'old'));
    mkdirSync(join(root, 'etc'), { mode: 0o777 });
    write('etc/a.yaml', 0o666, 'evil');
    assert.equal(files.read(join(root, 'etc/a.yaml')).toString(), 'good');
  });

  it('never returns the content of a file that did not pass, however fast it is swapped', async () => {
    write('etc/a.yaml', 0o644, 'good');
    write('etc/evil', 0o666, 'evil');
    const swapper = new Worker(
      `const { renameSync, copyFileSync, chmodSync } = require('node:fs');
       const { workerData: folder, parentPort } = require('node:worker_threads');
       const end = Date.now() + 500;
       for (let n = 0; Date.now() < end; n += 1) {
         const good = n % 2 === 0;
         copyFileSync(folder + '/' + (good ? 'good' : 'evil'), folder + '/next');
         chmodSync(folder + '/next', good ? 0o644 : 0o666);
         renameSync(folder + '/next', folder + '/a.yaml');
       }
       parentPort.postMessage('done');`,
      { eval: true, workerData: join(root, 'etc') },
    );
    write('etc/good', 0o644, 'good');
    const swapping = { running: true };
    const ended = new Promise<void>((done) => {
      swapper.once('exit', () => {
        swapping.running = false;
        done();
      });
    });
    let passed = 0;
    while (swapping.running) {
      for (let n = 0; n < 50; n += 1)
        try {
          assert.equal(files.read(join(root, 'etc/a.yaml')).toString(), 'good');
          passed += 1;
        } catch (error) {
          if (!(error instanceof Untrusted)) throw error;
        }
      await new Promise(setImmediate);
    }
    await ended;
    assert.ok(passed > 0);
  });

  it('checks from the root of the filesystem when nothing else is said', () => {
    write('etc/a.yaml', 0o644);
    assert.throws(() => readTrustedFile(join(root, 'etc/a.yaml')), Untrusted);
  });
});
