/** A plan that is saved, looked at and applied: once, in time, and only to the host that it was made of. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const PLAN = '/root/plan.json';
const manifest = (value: number): string => `version: 1
initial:
  sysctl: { vm.swappiness: ${String(value)} }
serviceUsers:
  - { name: planned, shell: /bin/sh }
resources:
  - Directory: { path: /srv/planned, owner: planned, mode: '0750' }
  - File: { path: /srv/planned/f, content: "one\\n" }
`;
const UNTOUCHED = [
  '! getent passwd planned',
  '! test -e /srv/planned',
  'test "$(sysctl -n vm.swappiness)" = 60',
];

describeLab('saved plans', (lab) => {
  const save = async (...args: string[]): Promise<void> => {
    await lab.machine.succeed(`rm -f ${PLAN}`);
    const { code, stdout, stderr } = await lab.phoenix.run(['setup', '--save', PLAN, '--no-color', ...args]);
    assert.equal(code, 2, stdout + stderr);
  };
  const apply = async (file = PLAN) => await lab.phoenix.setup(['--plan', file]);

  it('saves a plan, and changes nothing', async () => {
    await lab.machine.succeed('sysctl -qw vm.swappiness=60');
    await lab.phoenix.manifest(manifest(11));
    await save();
    await lab.machine.succeed(allOf(...UNTOUCHED, `test "$(stat -c '%a %U' ${PLAN})" = '600 root'`));
  });

  it('refuses a host that was changed meanwhile, and shows what differs', async () => {
    await lab.machine.succeed('sysctl -qw vm.swappiness=42');
    const { code, stdout } = await apply();
    assert.equal(code, 3, stdout);
    assert.match(
      stdout,
      /^Sysctl\[vm\.swappiness\]\n {2}saved:\n(?:.*\n)*? {8}live: 60 → 11\n(?:.*\n)*? {2}now:\n(?:.*\n)*? {8}live: 42 → 11\n/,
    );
    assert.doesNotMatch(stdout, /planned/);
    await lab.machine.succeed(
      allOf('test "$(sysctl -n vm.swappiness)" = 42', 'sysctl -qw vm.swappiness=60', ...UNTOUCHED),
    );
  });

  it('refuses a plan that has expired', async () => {
    await lab.machine.succeed(
      `sed -E 's/("expires": ")[^"]*/\\12026-01-01T00:00:00.000Z/' ${PLAN} > /root/old.json && ! cmp -s ${PLAN} /root/old.json`,
    );
    const { code, stdout } = await apply('/root/old.json');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /it expired at 2026-01-01 00:00:00 UTC; nothing was changed\n?$/);
  });

  it('applies it, once', async () => {
    const { code, stdout } = await apply();
    assert.equal(code, 0, stdout);
    await lab.machine.succeed(
      allOf(
        'test "$(sysctl -n vm.swappiness)" = 11',
        `test "$(stat -c '%U %a' /srv/planned)" = 'planned 750'`,
        `test "$(cat /srv/planned/f)" = one`,
      ),
    );
    await lab.machine.succeed('rm -r /srv/planned');
    const again = await apply();
    assert.equal(again.code, 3);
    assert.match(again.stdout, /run \S+ has carried it out at .* UTC/);
    await lab.machine.succeed('! test -e /srv/planned');
  });

  it('is used up by a run that was killed', async () => {
    await lab.machine.succeed('userdel planned');
    await save();
    await lab.machine.succeed(
      [
        `printf '#!/bin/sh\\ntouch /run/began; sleep 300\\n' > /root/slow; chmod 755 /root/slow`,
        'mount --bind /root/slow /usr/sbin/useradd',
        `/opt/phoenix/bin/phoenix setup --plan ${PLAN} --yes > /dev/null 2>&1 & pid=$!`,
        'until test -e /run/began; do sleep 0.1; done; kill -9 $pid; wait $pid',
        'pkill -x useradd; umount -l /usr/sbin/useradd; test -L /var/lib/phoenix/under-way',
      ].join('\n'),
    );
    const { code, stdout } = await apply();
    assert.equal(code, 3, stdout);
    assert.match(stdout, /has carried it out/);
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed('test -e /srv/planned/f');
  });
});
