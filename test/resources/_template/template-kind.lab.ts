import { strict as assert } from 'node:assert';
import { describeLab } from '../../lab/describe-lab.ts';

const manifest = (fields: string): string => `version: 1
resources:
  - Directory: { path: /etc/template-kind.d, owner: root, group: root, mode: '0755' }
  - TemplateKind: { name: greeting, ${fields} }
`;

describeLab('TemplateKind', (lab) => {
  it('creates, stays, is repaired and goes', async () => {
    await lab.phoenix.manifest(manifest('value: hello'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('grep -qx hello /etc/template-kind.d/greeting.conf');
    assert.equal((await lab.phoenix.check()).code, 0);

    await lab.machine.succeed('echo bye > /etc/template-kind.d/greeting.conf');
    const drift = await lab.phoenix.check();
    assert.equal(drift.code, 2);
    assert.ok(drift.stdout.includes('TemplateKind[greeting]'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('grep -qx hello /etc/template-kind.d/greeting.conf');

    await lab.phoenix.manifest(manifest('value: hello, ensure: absent'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('test -e /etc/template-kind.d/greeting.conf');
  });
});
