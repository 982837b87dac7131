import { strict as assert } from 'node:assert';
import { loadTypes } from '../../src/setup/load-types.ts';

describe('loading kinds', () => {
  it('loads those that pay their debts too, and theirs', async () => {
    const types = await loadTypes(new Set(['SambaShare']));
    assert.deepEqual([...types.keys()].sort(), ['SambaServer', 'SambaShare', 'SystemdUnit']);
  });

  it('loads nothing else', async () => {
    assert.deepEqual([...(await loadTypes(new Set(['Symlink']))).keys()], ['Symlink']);
  });

  it('says which kind there is not', async () => {
    await assert.rejects(loadTypes(new Set(['Nosuch'])), /no such kind: Nosuch/);
  });
});
