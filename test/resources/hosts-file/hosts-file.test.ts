import { strict as assert } from 'node:assert';
import hostsFile from '../../../src/resources/hosts-file/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const BLOCK =
  '# BEGIN phoenix: HostsFile[system]\n10.0.0.20\tnas.example.net nas\n# END phoenix: HostsFile[system]\n';

describe('HostsFile, listed', () => {
  it('has what is in our block, and no line of others', async () => {
    const host = new FakeHost({ files: { '/etc/hosts': `127.0.0.1 localhost\n${BLOCK}10.0.0.9 other\n` } });
    assert.deepEqual(await hostsFile.list?.(host), [
      { entries: [{ address: '10.0.0.20', names: ['nas.example.net', 'nas'] }] },
    ]);
  });

  it('has nothing without a block, or with lines that nobody could declare', async () => {
    for (const text of ['127.0.0.1 localhost\n', BLOCK.replace('10.0.0.20', 'nowhere')])
      assert.deepEqual(await hostsFile.list?.(new FakeHost({ files: { '/etc/hosts': text } })), []);
  });
});
