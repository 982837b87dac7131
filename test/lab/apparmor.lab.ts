import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const FOLDER = '/etc/apparmor.d';
const KERNEL = '/sys/kernel/security/apparmor';

/** Two profiles, a child and a hat, none of them named as the file; one variable comes with the tunables. */
const READER = `abi <abi/3.0>,
include <tunables/global>
profile lab-reader /opt/lab/reader {
  include <abstractions/base>
  /opt/lab/reader mr,
  @{labdata}/** r,
  owner @{HOME}/** r,
  /opt/lab/sleeper Cx -> nap,
  profile nap {
    include <abstractions/base>
    /opt/lab/sleeper mr,
  }
  ^hat {
    /etc/hostname r,
  }
}
profile lab-sleeper /opt/lab/{sleep,doz}er {
  include <abstractions/base>
  /opt/lab/sleeper mr,
}
`;
const STRICTER = READER.replace(
  '  owner @{HOME}/** r,\n',
  '  owner @{HOME}/** r,\n  deny /srv/labdata/theirs r,\n',
);
const LOUD = 'profile lab-loud /opt/lab/loud {\\n  /opt/lab/loud mr,\\n}\\n';
const QUIET = 'profile lab-quiet /opt/lab/quiet {\\n  /opt/lab/quiet mr,\\n}\\n';
const THEIRS = `include <tunables/global>
profile lab-theirs {
  @{labdata}/theirs r,
}
`;

const PROFILES = `    - { name: lab.file, source: apparmor/reader }
    - { name: lab-loud, content: "${LOUD}", mode: complain }
    - { name: lab-quiet, content: "${QUIET}", mode: disabled }
    - { name: lxc-phoenix-nesting, shipped: lxc-phoenix-nesting }
`;
const manifest = (data = '/srv/labdata'): string => `version: 1
apparmor:
  profiles:
${PROFILES}apparmorTunables:
  homedirs: [/home/, /srv/home/]
  dropIns:
    - { name: etc, define: { labdata: [${data}] } }
`;
const REMOVAL = `version: 1
apparmor:
  profiles:
${PROFILES.replace(/\n?(?:, (?:source|content|shipped|mode): (?:"[^"]*"|[^ }]+))+ \}/g, ', ensure: absent }')}apparmorTunables:
  dropIns: [{ name: home, ensure: absent }, { name: etc, ensure: absent }]
`;

/** What the kernel has of these profiles, in this order, is what the parser makes of the file: byte for byte. */
const isCurrent = (file: string, ...profiles: string[]): string =>
  `apparmor_parser -QTK -S ${FOLDER}/${file} 2>/dev/null > /root/expected
cd ${KERNEL}/policy/profiles; cat ${profiles.map((name) => `${name.replaceAll('//', '.*/profiles/')}.*/raw_data`).join(' ')} > /root/found
cmp /root/expected /root/found`;
const inMode = (profile: string, mode: string): string =>
  `grep -qx '${profile} (${mode})' ${KERNEL}/profiles`;
const isGone = (profile: string): string => `! grep -q '^${profile}[ /]' ${KERNEL}/profiles`;

const allIsRight = (data = '/srv/labdata'): string[] => [
  isCurrent('lab.file', 'lab-reader', 'lab-reader//hat', 'lab-reader//nap', 'lab-sleeper'),
  isCurrent('lab-loud', 'lab-loud'),
  isCurrent('lxc-phoenix-nesting', 'lxc-phoenix-nesting'),
  ...['lab-reader', 'lab-reader//nap', 'lab-reader//hat', 'lab-sleeper', 'lxc-phoenix-nesting'].map((name) =>
    inMode(name, 'enforce'),
  ),
  inMode('lab-loud', 'complain'),
  isGone('lab-quiet'),
  `test -e ${FOLDER}/lab-quiet -a -e ${FOLDER}/disable/lab-quiet -a -e ${FOLDER}/force-complain/lab-loud`,
  `test "$(stat -c %a%U ${FOLDER}/lab.file)" = 644root`,
  `test "$(/opt/lab/reader ${data}/a)" = allowed`,
  'test "$(/opt/lab/reader /srv/home/somebody/a)" = allowed',
  '! /opt/lab/reader /etc/lab-secret',
  'systemctl is-enabled apparmor.service',
];

/** A confined process that waits, and two watchers: of its profile, and of whether anybody gets through. */
const WATCH = `
/opt/lab/reader /srv/labdata/fifo >/dev/null 2>&1 & echo $! > /root/pid
sleep 1
( while test ! -e /root/enough; do cat /proc/$(cat /root/pid)/attr/current; sleep 0.1; done > /root/labels ) >/dev/null 2>&1 &
( while test ! -e /root/enough; do /opt/lab/reader /etc/lab-secret 2>/dev/null || echo denied; sleep 0.2; done > /root/answers ) >/dev/null 2>&1 &
`;

describeLab('AppArmor', (lab) => {
  it('loads profiles with the tunables they need, and tells who still runs unconfined', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir -p /opt/lab /srv/labdata /srv/other /srv/home/somebody /etc/phoenix/apparmor',
        'cp /bin/cat /opt/lab/reader; cp /bin/sleep /opt/lab/sleeper',
        'echo secret > /etc/lab-secret; mkfifo /srv/labdata/fifo',
        'echo allowed | tee /srv/labdata/a /srv/labdata/theirs /srv/other/a > /srv/home/somebody/a',
        // Users of @{HOME} that take long to compile under emulation.
        `for one in Xorg lsb_release nvidia_modprobe transmission; do ln -s ../$one ${FOLDER}/disable/; done`,
        `find ${FOLDER}/tunables -type f -exec sha256sum {} + > /root/packaged`,
        '/opt/lab/sleeper 5000 >/dev/null 2>&1 & echo $! > /root/sleeper',
      ),
    );
    await lab.machine.writeFile('/etc/phoenix/apparmor/reader', READER);
    await lab.phoenix.manifest(manifest());
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        ...allIsRight(),
        'sha256sum -c --quiet /root/packaged',
        // As at boot: from the parser's cache, a file at once.
        `apparmor_parser -r -W ${FOLDER}/lab.file`,
        `test "$(cat ${KERNEL}/policy/profiles/lab-{reader,sleeper}.*/raw_sha* | uniq -c | wc -l)" = 1`,
      ),
    );

    const sleeper = (await lab.machine.succeed('cat /root/sleeper')).trim();
    const again = await lab.phoenix.setup(['--verbose']);
    assert.equal(again.code, 0, again.stdout);
    assert.match(again.stdout, /^Plan: 0 actions on 0 resources; 8 in sync/m);
    assert.match(again.stdout, new RegExp(`process ${sleeper} \\(/opt/lab/sleeper\\) runs unconfined`));
  });

  it('leaves nobody unconfined and lets nobody through while a profile is replaced', async () => {
    await lab.machine.succeed(WATCH);
    await lab.machine.writeFile('/etc/phoenix/apparmor/reader', STRICTER);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assertPlan(stdout, {
      'AppArmorProfile[lab.file]': [
        /^ +\+ {2}deny \/srv\/labdata\/theirs r,$/m,
        /load lab-reader into the kernel/,
      ],
    });
    await lab.machine.succeed(
      allOf(
        'touch /root/enough; sleep 1',
        'test "$(sort -u /root/labels)" = "lab-reader (enforce)"',
        'test "$(sort -u /root/answers)" = denied',
        'test "$(wc -l < /root/labels)" -gt 20 -a "$(wc -l < /root/answers)" -gt 10',
        'test "$(cat /proc/$(cat /root/pid)/attr/current)" = "lab-reader (enforce)"',
        '! /opt/lab/reader /srv/labdata/theirs',
        ...allIsRight(),
      ),
    );
  });

  it('changes nothing for a profile that does not parse', async () => {
    const before = `sha256sum ${FOLDER}/lab.file ${KERNEL}/policy/profiles/lab-*/raw_data`;
    await lab.machine.succeed(`${before} > /root/before`);
    await lab.machine.writeFile('/etc/phoenix/apparmor/reader', READER.replace('reader mr,', 'reader mr'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assert.match(stdout, /apparmor_parser rejects lab\.file; nothing is changed:\n.*error.* at line 6: /);
    await lab.machine.succeed(allOf(`${before} | cmp - /root/before`, ...allIsRight()));
  });

  it('names everything that was changed by hand, on disk and in the kernel, and repairs it', async () => {
    await lab.machine.writeFile('/etc/phoenix/apparmor/reader', STRICTER);
    await lab.machine.succeed(
      allOf(
        // Right on disk, stale in the kernel, and old enough for the parser's own cache.
        `cp -a ${FOLDER}/lab.file /root/kept; sed -i 's|/opt/lab/reader mr|/{opt/lab/reader,etc/lab-secret} mr|' ${FOLDER}/lab.file`,
        `apparmor_parser -r ${FOLDER}/lab.file; cp -a /root/kept ${FOLDER}/lab.file`,
        'test "$(/opt/lab/reader /etc/lab-secret)" = secret',
        `rm ${FOLDER}/force-complain/lab-loud; echo "# only a comment" >> ${FOLDER}/lab-loud; apparmor_parser -r ${FOLDER}/lab-loud`,
        `rm ${FOLDER}/disable/lab-quiet; apparmor_parser -r ${FOLDER}/lab-quiet`,
        `chmod 666 ${FOLDER}/lxc-phoenix-nesting; echo "profile lxc-phoenix-nesting { }" | apparmor_parser -R`,
        `echo '@{labdata}+="/root"' >> ${FOLDER}/tunables/etc.d/phoenix`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'AppArmorTunable[etc]': [/^ +-@\{labdata\}\+="\/root"$/m, /that use it: lab\.file/],
      'AppArmorProfile[lab.file]': /lab-reader: enforce, another policy → as in the file, enforce/,
      'AppArmorProfile[lab-loud]': [
        /mode: enforce → complain/,
        /^ +-# only a comment$/m,
        /lab-loud: enforce, another policy → as in the file, complain/,
      ],
      'AppArmorProfile[lab-quiet]': [/unload lab-quiet/, /mode: enforce → disabled/],
      'AppArmorProfile[lxc-phoenix-nesting]': [
        /mode of the file: 0666 0:0 → 0644 0:0/,
        /lxc-phoenix-nesting: not loaded → as in the file, enforce/,
      ],
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(allOf(...allIsRight()));
  });

  it('brings a tunable into effect in every profile that uses it, also in those of others', async () => {
    await lab.machine.writeFile(`${FOLDER}/lab-theirs`, THEIRS);
    await lab.machine.succeed(
      `apparmor_parser -r ${FOLDER}/lab-theirs; sha256sum ${FOLDER}/lab-theirs > /root/theirs`,
    );
    await lab.phoenix.manifest(manifest('/srv/other'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assertPlan(stdout, {
      'AppArmorTunable[etc]': [/^ +\+@\{labdata\}="\/srv\/other"$/m, /that use it: lab-theirs, lab\.file/],
    });
    await lab.machine.succeed(
      allOf(
        ...allIsRight('/srv/other'),
        '! /opt/lab/reader /srv/labdata/a',
        isCurrent('lab-theirs', 'lab-theirs'),
        'sha256sum -c --quiet /root/theirs',
        'test "$(cat /proc/$(cat /root/pid)/attr/current)" = "lab-reader (enforce)"',
        'test ! -e /run/phoenix-apparmor',
      ),
    );
  });

  it('unloads and removes; not without consent what something runs under, nor a tunable that is in use', async () => {
    await lab.phoenix.manifest(REMOVAL);
    const held = await lab.phoenix.setup(['--keep-going']);
    assert.equal(held.code, 4, held.stdout);
    assert.match(held.stdout, /AppArmorProfile\[lab\.file\].*destructive/);
    assert.match(held.stdout, /rejects profiles without it; nothing was changed:\n.*labdata/);
    await lab.machine.succeed(
      allOf(
        inMode('lab-reader', 'enforce'),
        `test -e ${FOLDER}/lab.file -a -e ${FOLDER}/tunables/etc.d/phoenix -a ! -e ${FOLDER}/tunables/home.d/phoenix`,
        ...['lab-loud', 'lab-quiet', 'lxc-phoenix-nesting'].map(isGone),
        `rm ${FOLDER}/lab-theirs; echo 'profile lab-theirs { }' | apparmor_parser -R`,
        'kill $(cat /root/pid)',
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        isGone('lab-'),
        `! grep -q lab- ${KERNEL}/profiles`,
        `test -z "$(find ${FOLDER} -name 'lab*' -o -name phoenix -o -name 'lxc-phoenix*')"`,
        'sha256sum -c --quiet /root/packaged',
        '/opt/lab/reader /etc/lab-secret',
      ),
    );
  });
});
