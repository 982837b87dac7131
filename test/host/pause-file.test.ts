import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { mayBePaused, readPause, removePause, writePause } from '../../src/host/pause-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PAUSE = { why: 'a disk', by: 'alice', since: '2026-11-27T10:00:00.000Z' };

describe('a pause', () => {
  const folder = temporaryFolder();
  let state: string;
  beforeEach(() => {
    state = `${folder.path}/state`;
    removePause(state);
  });

  it('is there from when it is made until it is removed', async () => {
    assert.equal(await readPause(state), undefined);
    writePause(state, PAUSE);
    assert.ok(mayBePaused(state));
    assert.deepEqual(await readPause(state), PAUSE);
    removePause(state);
    removePause(state);
    assert.equal(await readPause(state), undefined);
  });

  it('ends by itself at its time', async () => {
    const until = '2026-11-27T12:00:00.000Z';
    writePause(state, { ...PAUSE, until });
    const at = Date.parse(until);
    assert.deepEqual(await readPause(state, at - 1), { ...PAUSE, until });
    assert.equal(await readPause(state, at), undefined);
  });

  it('that cannot be read is one all the same', async () => {
    fs.ensureDirSync(state);
    for (const text of ['', '{', '{"why":"x"}']) {
      fs.writeFileSync(`${state}/paused.json`, text);
      assert.match((await readPause(state))?.why ?? '', /paused\.json cannot be read: /);
    }
  });
});
