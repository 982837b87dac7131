import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { keepTelling, readTelling, type KeptTelling } from '../../src/host/told-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TELLING: KeptTelling = {
  told: { is: 'drift', open: true, about: '3\nFile[/a] held', at: '2026-11-27T12:00:00.000Z' },
  notify: {
    on: ['failure'],
    webhook: { url: { file: '/etc/phoenix/secrets/hook' } },
    ntfy: { url: 'https://ntfy.example.net/x', token: { credential: 'ntfy' } },
  },
};

describe('what was told last', () => {
  const folder = temporaryFolder();

  it('is kept, for root alone, and written only where something is new', async () => {
    const state = `${folder.path}/state`;
    assert.equal(await readTelling(state), undefined);
    keepTelling(state, TELLING, undefined);
    assert.deepEqual(await readTelling(state), TELLING);
    const { ino, mode } = fs.statSync(`${state}/told.json`);
    assert.equal(mode & 0o777, 0o600);
    keepTelling(state, TELLING, await readTelling(state));
    assert.equal(fs.statSync(`${state}/told.json`).ino, ino);
    for (const damaged of ['', '{', '{"told":{}}']) {
      fs.writeFileSync(`${state}/told.json`, damaged);
      assert.equal(await readTelling(state), undefined);
    }
  });
});
