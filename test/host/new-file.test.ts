import { strict as assert } from 'node:assert';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { AlreadyThere, writeNewFile } from '../../src/host/new-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a new file for the operator', () => {
  const folder = temporaryFolder();

  it('is for its owner alone', () => {
    writeNewFile(`${folder.path}/a`, 'text\n');
    assert.equal(readFileSync(`${folder.path}/a`, 'utf8'), 'text\n');
    assert.equal(statSync(`${folder.path}/a`).mode & 0o7777, 0o600);
  });

  it('never takes the place of another, nor follows a link to where there is none', () => {
    writeFileSync(`${folder.path}/a`, 'mine\n');
    symlinkSync(`${folder.path}/elsewhere`, `${folder.path}/link`);
    for (const name of ['a', 'link'])
      assert.throws(() => {
        writeNewFile(`${folder.path}/${name}`, 'text\n');
      }, AlreadyThere);
    assert.equal(readFileSync(`${folder.path}/a`, 'utf8'), 'mine\n');
    assert.throws(() => readFileSync(`${folder.path}/elsewhere`));
  });
});
