/** The example of a whole hypervisor, on every day after the first. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { DRIFTS } from './hypervisor-drifts.ts';
import { bareHypervisor, NOTHING } from './hypervisor-host.ts';
import { MANIFEST } from './phoenix.ts';

describeLab('a whole hypervisor that people have worked on', (lab) => {
  before(async () => {
    await bareHypervisor(lab);
    await lab.machine.succeed(`sed -i 's/when: allowed/when: never/' ${MANIFEST}`);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes']);
    assert.equal(code, 0, stdout + stderr);
  });

  it('names forty drifts that come in any order, mends them all, and restarts nothing else', async () => {
    const order = DRIFTS.map((drift) => ({ drift, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ drift }) => drift);
    const lines = order.map(({ how }) => how);
    await lab.machine.succeed(allOf('systemctl show -p InvocationID ssh chrony > /root/before', ...lines), {
      timeout: 300_000,
    });
    const expected: Record<string, RegExp[]> = {};
    for (const { ref, told } of order) (expected[ref] ??= []).push(...[told ?? []].flat());
    const check = await lab.phoenix.check();
    // Some of what came after `exportfs -u` may have offered the export again.
    if (check.stdout.includes('NfsReady[nfs-server]')) expected['NfsReady[nfs-server]'] = [/not offered/];
    assert.equal(check.code, 2, lines.join('\n') + check.stdout + check.stderr);
    assertPlan(check.stdout, expected);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes']);
    assert.equal(code, 0, lines.join('\n') + stdout + stderr);
    const after = await lab.phoenix.check();
    assert.equal(after.code, 0, after.stdout);
    assert.match(after.stdout, NOTHING);
    await lab.machine.succeed('systemctl show -p InvocationID ssh chrony | cmp - /root/before');
  });
});
