import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const FOLDER = '/etc/systemd/system';
const manifest = (...units: string[]): string =>
  `version: 1\nresources:\n${units.map((unit) => `  - SystemdUnit: { ${unit} }\n`).join('')}`;

const sleeper = (seconds: string): string =>
  String.raw`content: "[Service]\nExecStart=/bin/sleep ${seconds}\n[Install]\nWantedBy=multi-user.target\n"`;
const NICE = String.raw`dropins: { 10-nice.conf: "[Service]\nNice=7\n" }`;
const sleeping = (name: string, seconds = 'infinity', dropins = NICE): string =>
  `name: lab-${name}.service, ${sleeper(seconds)}, ${dropins}, enabled: enabled, state: started`;

const LABS = ['touched', 'content', 'mode', 'stopped', 'removed'];
const UNITS = LABS.map((name) => `lab-${name}.service`).join(' ');
const ONESHOT = String.raw`content: "[Service]\nType=oneshot\nExecStart=/bin/test -e /root/fine\n"`;
const TIMER = String.raw`content: "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n"`;
const ALL = [
  ...LABS.map((name) => sleeping(name)),
  `name: once.service, ${ONESHOT}, state: started`,
  String.raw`name: many.service, content: "[Service]\nType=oneshot\nExecStart=/bin/true\n"`,
  String.raw`name: chrony.service, dropins: { lab.conf: "[Service]\nNice=3\n" }`,
  String.raw`name: ssh.service, dropins: { lab.conf: "[Service]\nNice=-1\n" }`,
  'name: systemd-tmpfiles-clean.service, enabled: enabled',
];

/** What systemctl says of all units, each answer once. */
const all = (verb: string, expected: string): string =>
  `test "$(systemctl ${verb} ${UNITS} | sort -u | xargs)" = "${expected}"`;
const allIsRight = [
  all('is-active', 'active'),
  all('is-enabled', 'enabled'),
  all('show -P NeedDaemonReload', 'no'),
  all('show -P Nice', '7'),
  `test "$(for pid in $(systemctl show -P MainPID ${UNITS}); do ps -o ni= -p "$pid"; done | sort -u | xargs)" = 7`,
  `for unit in ${UNITS}; do head -1 ${FOLDER}/$unit | grep -q "managed by phoenix" || exit 1; done`,
  `test "$(stat -c %a ${FOLDER}/lab-*.service | sort -u)" = 644`,
  'test "$(systemctl show -P Result once.service)" = success',
];
const runsOf = (units: string): string => `systemctl show -P InvocationID ${units}`;

describeLab('SystemdUnit', (lab) => {
  it('writes, enables and starts units and drop-ins with few reloads, and never restarts ssh', async () => {
    await lab.machine.succeed(
      allOf(
        'date "+%F %T" > /root/since; sleep 1',
        'touch /root/fine',
        `${runsOf('ssh.service')} > /root/ssh`,
      ),
    );
    await lab.phoenix.manifest(manifest(...ALL));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /when you restart ssh\.service/);
    await lab.machine.succeed(
      allOf(
        ...allIsRight,
        `${runsOf('ssh.service')} | cmp - /root/ssh`,
        'test "$(systemctl show -P Nice chrony.service)" = 3',
        'test "$(ps -o ni= -p "$(systemctl show -P MainPID chrony.service)" | tr -d " ")" = 3',
        'test ! -e /run/phoenix-verify',
        // systemd 252 says "Reloading.", 257 says "Reloading finished in …".
        String.raw`test "$(journalctl _PID=1 --since "$(cat /root/since)" | grep -cE 'Reloading(\.$| finished)')" -le 4`,
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed(`${runsOf(`${UNITS} chrony.service`)} > /root/runs`);
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 10 resources/m);
    await lab.machine.succeed(`${runsOf(`${UNITS} chrony.service`)} | cmp - /root/runs`);
  });

  it('names everything that was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `echo "# x" >> ${FOLDER}/lab-content.service; rm -r ${FOLDER}/lab-content.service.d`,
        `chmod 666 ${FOLDER}/lab-mode.service; sed -i s/7/8/ ${FOLDER}/lab-mode.service.d/10-nice.conf`,
        'systemctl kill -s KILL lab-mode.service',
        'rm /root/fine; ! systemctl start once.service; touch /root/fine',
        'systemctl disable --no-reload --now lab-stopped.service lab-removed.service',
        `rm ${FOLDER}/lab-removed.service`,
        'systemctl daemon-reload',
        `touch -d "+1 min" ${FOLDER}/lab-touched.service`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'SystemdUnit[lab-content.service]': [
        /write lab-content\.service, lab-content\.service\.d\/10-nice\.conf, then restart/,
        /^ +-# x$/m,
      ],
      'SystemdUnit[lab-mode.service]': [
        /write lab-mode\.service, lab-mode\.service\.d\/10-nice\.conf/,
        /lab-mode\.service mode: 0666 0:0 → 0644 0:0/,
        /^ +-Nice=8$/m,
        /: start lab-mode/,
        /state: failed → started/,
      ],
      'SystemdUnit[lab-stopped.service]': [
        /: enable lab-stopped/,
        /enabled: disabled → enabled/,
        /: start lab-stopped/,
      ],
      'SystemdUnit[lab-removed.service]': [
        /: write lab-removed/,
        /: enable lab-removed/,
        /: start lab-removed/,
      ],
      'SystemdUnit[lab-touched.service]': [/NeedDaemonReload: yes → no/, /then restart/],
      'SystemdUnit[once.service]': /: start once\.service/,
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(allOf(...allIsRight));
  });

  it('restarts when the content changes, unless told never to; removes its own drop-ins; masks', async () => {
    await lab.machine.succeed(
      allOf(
        `printf "[Service]\\nOOMScoreAdjust=5\\n" > ${FOLDER}/lab-stopped.service.d/theirs.conf`,
        ...['content', 'mode'].map((name) => `${runsOf(`lab-${name}.service`)} > /root/${name}`),
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        sleeping('content', '90000'),
        `${sleeping('mode', '80000')}, restart: never`,
        sleeping('stopped', 'infinity', String.raw`dropins: { 20-new.conf: "[Service]\nNice=6\n" }`),
        'name: chrony.service, enabled: masked, state: stopped',
        `name: many.timer, ${TIMER}, enabled: enabled, state: started`,
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assertPlan(stdout, {
      'SystemdUnit[lab-content.service]': [/^ +-ExecStart=\/bin\/sleep infinity$/m, /sleep 90000$/m],
      'SystemdUnit[lab-mode.service]': /^ +\+ExecStart=\/bin\/sleep 80000$/m,
      'SystemdUnit[lab-stopped.service]':
        /write lab-stopped\.service\.d\/20-new\.conf and remove lab-stopped\.service\.d\/10-nice\.conf/,
      'SystemdUnit[many.timer]': [/: enable many\.timer/, /: start many\.timer/],
      'SystemdUnit[chrony.service]': [
        /: stop chrony/,
        /: mask chrony/,
        /remove chrony\.service\.d\/lab\.conf/,
      ],
    });
    await lab.machine.succeed(
      allOf(
        `! ${runsOf('lab-content.service')} | cmp - /root/content`,
        'pgrep -fx "/bin/sleep 90000"',
        `${runsOf('lab-mode.service')} | cmp - /root/mode`,
        '! pgrep -fx "/bin/sleep 80000"',
        all('show -P NeedDaemonReload', 'no'),
        `test "$(ls ${FOLDER}/lab-stopped.service.d | xargs)" = "20-new.conf theirs.conf"`,
        'test "$(systemctl show -P Nice lab-stopped.service)" = 6',
        'test "$(systemctl is-enabled chrony.service)" = masked',
        '! systemctl is-active chrony.service',
        'systemctl is-active many.timer && systemctl is-enabled many.timer',
      ),
    );
  });

  it('writes nothing that systemd-analyze rejects, tells why a unit did not start, and does the rest', async () => {
    await lab.machine.succeed(
      allOf(
        `sha256sum ${FOLDER}/lab-*.service ${FOLDER}/lab-*.service.d/* > /root/sums`,
        `${runsOf(UNITS)} > /root/runs`,
        `printf "[Service]\\nExecStart=/bin/true\\n" > ${FOLDER}/theirs.service`,
      ),
    );
    const short = String.raw`content: "[Service]\nExecStart=/bin/sh -c 'echo last words; exit 3'\n"`;
    await lab.phoenix.manifest(
      manifest(
        sleeping('touched').replace('ExecStart', 'Bogus=1\\nExecStart'),
        sleeping('content').replace('ExecStart', 'ExecStart=/bin/true\\nExecStart'),
        sleeping('stopped').replace('/bin/sleep', '/bin/no-such-program'),
        sleeping('removed').replace('Nice=7', 'Nice=700'),
        String.raw`name: rpcbind.service, dropins: { lab.conf: "[Service]\nBogus=7\n" }`,
        `name: short.service, ${short}, state: started`,
        'name: lab-mode.service, enabled: masked',
        'name: theirs.service, ensure: absent',
        'name: chrony.service, enabled: enabled, state: started',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    for (const unit of ['lab-touched', 'lab-content', 'lab-stopped', 'lab-removed', 'rpcbind'])
      assert.match(stdout, new RegExp(`systemd-analyze verify rejects ${unit}\\.service`));
    assert.match(stdout, /last words/);
    assert.match(stdout, /SystemdUnit\[lab-mode\.service\]: refused: .*cannot be masked/);
    assert.match(stdout, /SystemdUnit\[theirs\.service\]: refused: .*not written by phoenix/);
    await lab.machine.succeed(
      allOf(
        'sha256sum -c --quiet /root/sums',
        `test ! -e ${FOLDER}/rpcbind.service.d/lab.conf`,
        'test ! -e /run/phoenix-verify',
        `${runsOf(UNITS)} | cmp - /root/runs`,
        all('is-active', 'active'),
        `test -f ${FOLDER}/theirs.service`,
        'systemctl is-enabled chrony.service && systemctl is-active chrony.service',
      ),
    );
  });

  it('stops, disables and removes units of its own, and only the drop-in of those of a package', async () => {
    await lab.phoenix.manifest(
      manifest(
        ...LABS.map((name) => `name: lab-${name}.service, ensure: absent`),
        'name: short.service, ensure: absent',
        'name: ssh.service, ensure: absent',
        'name: never-was.service, ensure: absent',
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        '! systemctl cat lab-content.service',
        '! pgrep -fx "/bin/sleep (infinity|[89]0000)"',
        `find ${FOLDER} -path '*lab-*' -o -name 'short*' | sort | xargs > /root/left`,
        `echo ${FOLDER}/lab-stopped.service.d ${FOLDER}/lab-stopped.service.d/theirs.conf | diff - /root/left`,
        `test ! -e ${FOLDER}/ssh.service.d`,
        'systemctl is-active ssh.service && systemctl is-enabled ssh.service',
        `${runsOf('ssh.service')} | cmp - /root/ssh`,
      ),
    );
  });
});
