import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const MANIFEST = `version: 1
initial:
  hosts:
    - { address: 10.9.0.20, names: [nas.example.net, nas] }
    - { address: fd00:9::21, names: [backup] }
  logrotate:
    - name: app
      paths: [/var/log/app/*.log]
      frequency: daily
      rotate: 2
      create: { mode: '0640', owner: root, group: adm }
      postRotate: [touch /run/app-rotated]
`;
const DROPIN = '/etc/logrotate.d/app';

describeLab('HostsFile and LogRotate', (lab) => {
  const setup = async (manifest: string, code: number): Promise<string> => {
    await lab.phoenix.manifest(manifest);
    const result = await lab.phoenix.setup();
    assert.equal(result.code, code, result.stdout + result.stderr);
    return result.stdout;
  };

  it('gives names to other machines, and rotates logs', async () => {
    await lab.machine.succeed(
      allOf('cp /etc/hosts /root/hosts', 'mkdir /var/log/app', 'echo line > /var/log/app/one.log'),
    );
    await setup(MANIFEST, 0);
    await lab.machine.succeed(
      allOf(
        'getent ahostsv4 nas | grep -q "^10.9.0.20 .*STREAM nas.example.net"',
        'getent hosts backup | grep -q "^fd00:9::21 "',
        'grep -vx "# .* phoenix: .*" /etc/hosts | grep -v "^10.9.0.20\\|^fd00:9::21" | cmp - /root/hosts',
        `logrotate -f ${DROPIN}`,
        'grep -q line /var/log/app/one.log.1',
        'test "$(stat -c "%a %U:%G" /var/log/app/one.log)" = "640 root:adm"',
        'test -e /run/app-rotated',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 2 resources/m);
  });

  it('names what was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        'sed -i "s/^10.9.0.20/10.9.0.99/" /etc/hosts',
        'echo "10.9.0.30 printer" >> /etc/hosts',
        `sed -i s/daily/monthly/ ${DROPIN}`,
        `chmod 0666 ${DROPIN}`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'HostsFile[system]': [/^ +-10\.9\.0\.99\tnas/m, /^ +\+10\.9\.0\.20\tnas/m],
      'LogRotate[app]': [/^ +-\tmonthly$/m, /^ +\+\tdaily$/m],
    });
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(
      allOf(
        'getent ahostsv4 nas | grep -q "^10.9.0.20 "',
        'getent hosts printer | grep -q 10.9.0.30',
        `grep -qw daily ${DROPIN}`,
        `test "$(stat -c %a ${DROPIN})" = 644`,
      ),
    );
  });

  it('refuses what would be without effect, or take effect from others', async () => {
    await lab.machine.succeed('cp /etc/hosts /root/hosts');
    const stdout = await setup(
      `version: 1
initial:
  hosts: [{ address: 10.9.0.31, names: [printer] }]
  logrotate:
    - { name: dpkg-too, paths: [/var/log/dpkg.log] }
    - { name: nobodys, paths: [/var/log/x.log], create: { mode: '0640', owner: root, group: nosuch } }
`,
      4,
    );
    assert.match(stdout, /refused: \/etc\/hosts, line \d+: printer stands for 10\.9\.0\.30/);
    assert.match(
      stdout,
      /^LogRotate\[dpkg-too\]: failed: .*brought back as it was(.*\n)*.*duplicate log entry/m,
    );
    assert.match(
      stdout,
      /^LogRotate\[nobodys\]: failed: .*nothing was written(.*\n)*.*unknown group 'nosuch'/m,
    );
    await lab.machine.succeed(
      allOf(
        'cmp /etc/hosts /root/hosts',
        'test ! -e /etc/logrotate.d/dpkg-too -a ! -e /etc/logrotate.d/nobodys',
      ),
    );
  });

  it('removes both, and nothing else', async () => {
    await setup(
      'version: 1\nresources:\n  - HostsFile: { ensure: absent }\n  - LogRotate: { name: app, ensure: absent }\n',
      0,
    );
    await lab.machine.succeed(
      allOf(
        '! getent ahostsv4 nas',
        'grep -qx "10.9.0.30 printer" /etc/hosts',
        '! grep -q phoenix /etc/hosts',
        `test ! -e ${DROPIN} -a -e /etc/logrotate.d/dpkg`,
      ),
    );
  });
});
