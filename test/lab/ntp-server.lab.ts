import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const MAIN = '/etc/chrony/chrony.conf';
const SOURCES = '/etc/chrony/sources.d/phoenix.sources';
const SETTINGS = '/etc/chrony/conf.d/phoenix.conf';
const MANIFEST = `version: 1
initial:
  ntp:
    servers: [time.example.test, { host: 192.0.2.1, prefer: true, minPoll: 4 }]
    allow: [10.9.0.0/24]
`;
const has = (name: string): string => `chronyc -c -N sources -a | cut -d, -f3 | grep -qxF '${name}'`;
const started = 'systemctl show -p ActiveEnterTimestampMonotonic --value chrony';

describeLab('NtpServer', (lab) => {
  const setup = async (text: string, code: number): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code: found, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(found, code, stdout + stderr);
    return stdout;
  };

  it('takes the time from what is declared, and from nothing else', async () => {
    await lab.machine.succeed(`cp ${MAIN} /root/main; systemctl disable --now chrony`);
    await setup(MANIFEST, 0);
    await lab.machine.succeed(
      allOf(
        'systemctl is-active chrony && systemctl is-enabled chrony',
        has('time.example.test'),
        has('192.0.2.1'),
        '! chronyc -c -N sources -a | grep -q pool.ntp.org',
        'chronyd -p -f /etc/chrony/chrony.conf | grep -qx "allow 10.9.0.0/24"',
        `diff ${MAIN} /root/main | grep -c '^<' | grep -qx 1`,
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /0 actions on 0 resources; 7 in sync/);
    assert.match(stdout, /the clock is not synchronised \(yet\)/);
  });

  it('names what was changed by hand, and repairs it, without a restart where a reload will do', async () => {
    await lab.machine.succeed(
      allOf(
        'chronyc delete 192.0.2.1',
        `sed -i 's/minpoll 4/minpoll 7/' ${SOURCES}`,
        `${started} > /root/started`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'NtpServer[system]': [/^ +-server 192\.0\.2\.1 .*minpoll 7/m, /reload|read its sources/],
    });
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(allOf(has('192.0.2.1'), `${started} | cmp - /root/started`));

    await lab.machine.succeed(
      allOf(
        'chronyc delete 192.0.2.1',
        `rm ${SETTINGS}`,
        `sed -i 's/^#phoenix: //' ${MAIN}`,
        'systemctl disable chrony',
      ),
    );
    const again = await lab.phoenix.check();
    assertPlan(again.stdout, {
      'NtpServer[system]': [/create .*conf\.d\/phoenix\.conf/, /take the servers of the distribution out/],
      'SystemdUnit[chrony.service]': /enabled: disabled → enabled/,
    });
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(
      allOf(
        has('192.0.2.1'),
        '! chronyc -c -N sources -a | grep -q pool.ntp.org',
        'systemctl is-enabled chrony',
      ),
    );

    await lab.machine.succeed('chronyc delete 192.0.2.1');
    const live = await lab.phoenix.check();
    assertPlan(live.stdout, {
      'NtpServer[system]': /does not have: server 192\.0\.2\.1 iburst prefer minpoll 4/,
    });
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(has('192.0.2.1'));
  });

  it('is removed, and the servers of the distribution come back', async () => {
    await setup('version: 1\nresources:\n  - NtpServer: { ensure: absent }\n', 0);
    await lab.machine.succeed(
      allOf(
        `cmp ${MAIN} /root/main`,
        `test ! -e ${SOURCES} -a ! -e ${SETTINGS}`,
        has('2.debian.pool.ntp.org'),
      ),
    );
  });
});
