import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { join } from 'node:path';
import fs from 'fs-extra';
import { openLogFile } from '../../src/host/log-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 * 1024;

describe('the file of the log', () => {
  const folder = temporaryFolder();
  const path = (name = 'phoenix.log') => join(folder.path, name);
  const log = async (...lines: string[]) => {
    const file = openLogFile(folder.path);
    for (const line of lines) file.write(line);
    file.end();
    await once(file, 'close');
  };

  it('has a line before anything else happens, and goes on after those of earlier runs', async () => {
    await log('one\n');
    const file = openLogFile(folder.path);
    file.write('two\n');
    assert.equal(fs.readFileSync(path(), 'utf8'), 'one\ntwo\n');
    file.end();
    await once(file, 'close');
  });

  it('is the second one when it has become too long, of five at most', async () => {
    for (const letter of 'abcdefg') await log(letter.repeat(MIB));
    assert.deepEqual(fs.readdirSync(folder.path).toSorted(), [
      'phoenix.log',
      ...[1, 2, 3, 4].map((n) => `phoenix${n}.log`),
    ]);
    assert.equal(fs.readFileSync(path(), 'utf8')[0], 'g');
    assert.equal(fs.readFileSync(path('phoenix1.log'), 'utf8')[0], 'f');
    assert.equal(fs.readFileSync(path('phoenix4.log'), 'utf8')[0], 'c');
  });

  it('stays what it is until it is too long', async () => {
    await log('a'.repeat(MIB - 1));
    await log('b');
    assert.deepEqual(fs.readdirSync(folder.path), ['phoenix.log']);
  });

  it('drops what a full disk does not take, and takes the rest', async () => {
    fs.symlinkSync('/dev/full', path());
    await log('lost\n', 'lost too\n');
  });
});
