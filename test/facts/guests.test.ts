import { strict as assert } from 'node:assert';
import { runningGuests } from '../../src/facts/guests.ts';
import { FakeHost } from '../support/fake-host.ts';

const QM = `      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID
       100 web                  running    2048              32.00 1234
       101 old                  stopped    2048              32.00 0
       102 waiting              paused     2048              32.00 1235
`;
const PCT = `VMID       Status     Lock         Name
200        running                 dns
201        stopped                 spare
202        running    backup       files
`;

describe('guests that run', () => {
  it('are those of both tools that are not stopped', async () => {
    const host = new FakeHost({ commands: { 'qm list': QM, 'pct list': PCT } });
    assert.deepEqual(await runningGuests(host), [
      { id: 100, name: 'web' },
      { id: 102, name: 'waiting' },
      { id: 200, name: 'dns' },
      { id: 202, name: 'files' },
    ]);
  });

  it('are none where neither tool is, or neither has any', async () => {
    assert.deepEqual(await runningGuests(new FakeHost()), []);
    assert.deepEqual(
      await runningGuests(new FakeHost({ commands: { 'qm list': '', 'pct list': '\n' } })),
      [],
    );
  });

  it('are unknown where the table is another', async () => {
    await assert.rejects(
      runningGuests(new FakeHost({ commands: { 'qm list': 'ID STATE\n1 up\n' } })),
      /expected a table of guests, found "ID STATE"/,
    );
  });
});
