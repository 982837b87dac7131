import { strict as assert } from 'node:assert';
import { makeDeb } from '../../scripts/package/deb.ts';
import { bundledLibraries } from '../../scripts/package/libraries.ts';
import { fetchRuntime } from '../../scripts/package/runtime.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeLab } from './describe-lab.ts';
import { installDistributionNode } from './distribution-node.ts';
import { allOf } from './expect.ts';
import { packageFile } from './package-file.ts';
import { MANIFEST } from './phoenix.ts';
import { currentRelease } from './release.ts';

const STATE = '/var/lib/phoenix';

/** The newer version of an upgrade; packed in a hurry, since only dpkg looks at it. */
const newer = (folder: string): Promise<string> =>
  makeDeb(
    {
      flavour: 'phoenix',
      version: '99.0',
      epoch: 1_700_000_000,
      libraries: bundledLibraries(),
      runtime: fetchRuntime(),
    },
    folder,
    ['-Zgzip', '-z1'],
  );

/** The image leaves out manual pages and documentation of all packages; those of this one are looked at. */
const WHOLE = ['doc', 'man']
  .map((name) => `-o Dpkg::Options::=--path-include='/usr/share/${name}/*'`)
  .join(' ');

const apt = (command: string): string =>
  `DEBIAN_FRONTEND=noninteractive apt-get -qq -y ${WHOLE} ${command} 2>&1`;

/** The way of a new operator is that of getting-started.lab.ts; here is only something to keep, and the global command. */
const KEPT = `version: 1
resources:
  - File: { path: /etc/motd, content: "kept\\n" }
command: {}
`;

const LIBRARY = '/usr/lib/phoenix';

const COMPILED = `$(echo ${LIBRARY}/dist/whole-*.cache)`;

/** Whether V8 takes what was compiled when the package was made. */
const compiledIsTaken = (expected: boolean): string =>
  `test "$(${LIBRARY}/node/bin/node --input-type=module -e "const { compiledScript } = await import('${LIBRARY}/bin/load.js'); console.log(compiledScript() !== undefined)")" = ${expected}`;

/** Nothing below it has been written to since the package was unpacked. */
const LIBRARY_IS_AS_IT_CAME = allOf(
  'test -z "$(dpkg --verify phoenix)"',
  `test -z "$(find ${LIBRARY} -cnewer /root/came)"`,
);

const TIMER = allOf(
  `printf '[Service]\\nType=oneshot\\nExecStart=/usr/bin/phoenix setup\\n' > /etc/systemd/system/phoenix.service`,
  `printf '[Timer]\\nOnCalendar=yearly\\n[Install]\\nWantedBy=timers.target\\n' > /etc/systemd/system/phoenix.timer`,
  'systemctl daemon-reload && systemctl enable --now phoenix.timer',
);

/** What phoenix brought about, and what the operator wrote. */
const HOST_IS_AS_IT_WAS = allOf('grep -qx kept /etc/motd', `cmp ${MANIFEST} /root/manifest`);
const OLD_MOTD_IS_KEPT = `grep -rqx 'by hand' ${STATE}/backups`;

describeLab('the Debian package', { phoenix: false }, (lab) => {
  const folder = temporaryFolder();

  it('is installed alone, and brings the program, its Node, manual pages and completions', async () => {
    await lab.machine.copyIn(packageFile('phoenix'), '/root/phoenix.deb');
    await lab.machine.succeed(
      allOf(
        // the lab's own Node is not to help
        'mv /usr/local/bin/node /root/node',
        'dpkg-query -W > /root/packages',
        apt('install /root/phoenix.deb'),
        'test "$(dpkg-query -W | diff - /root/packages | grep -c "^[<>]")" = 1',
        // who could write it would be root
        `test "$(stat -c '%U %a' ${COMPILED})" = 'root 644'`,
        compiledIsTaken(true),
        'touch /root/came',
        'phoenix --version | grep -E "^phoenix [0-9]"',
        'zcat /usr/share/man/man8/phoenix.8.gz | grep -q "^\\.TH PHOENIX 8"',
        'test -e /usr/share/phoenix/phoenix.schema.json',
        `bash -c '. /usr/share/bash-completion/completions/phoenix && complete -p phoenix'`,
        'phoenix validate --manifest /usr/share/doc/phoenix/examples/host.yaml',
        // nothing is begun by itself
        `test ! -e ${STATE} && test ! -e ${MANIFEST}`,
      ),
    );
  });

  it('converges, and keeps what was there', async () => {
    await lab.phoenix.manifest(KEPT);
    await lab.machine.succeed(
      allOf(
        'echo "by hand" > /etc/motd',
        'phoenix setup --yes',
        'test "$(readlink /usr/local/bin/phoenix)" = /usr/lib/phoenix/bin/phoenix',
        `cp ${MANIFEST} /root/manifest`,
        OLD_MOTD_IS_KEPT,
        HOST_IS_AS_IT_WAS,
        LIBRARY_IS_AS_IT_CAME,
      ),
    );
  });

  it('keeps no compiled code but its own, wherever the environment says, and starts without it', async () => {
    const node = `${LIBRARY}/node/bin/node`;
    await lab.machine.succeed(
      allOf(
        'NODE_COMPILE_CACHE=/root/compiled phoenix validate && test ! -e /root/compiled',
        // the trap is one
        `NODE_COMPILE_CACHE=/root/compiled ${node} ${LIBRARY}/bin/run.js --version && test -e /root/compiled`,
        `cp -a ${COMPILED} /root/compiled.cache`,
        `printf 'xxxx' | dd of=${COMPILED} bs=1 seek=1000000 conv=notrunc status=none`,
        `dpkg --verify phoenix | grep -q '\\.cache$'`,
        compiledIsTaken(false),
        'phoenix setup --check',
        `cp -a /root/compiled.cache ${COMPILED}`,
        compiledIsTaken(true),
      ),
    );
  });

  it('is upgraded after the run that is under way has ended, and what is scheduled stays', async () => {
    await lab.machine.copyIn(await newer(folder.path), '/root/newer.deb');
    await lab.machine.succeed(
      allOf(
        TIMER,
        // somebody is at work for as long as a file is there
        `touch /root/at-work; systemd-run --quiet flock ${STATE}/lock sh -c 'while test -e /root/at-work; do sleep 0.2; done; touch /root/done'`,
        `until ! flock --nonblock ${STATE}/lock true; do sleep 0.2; done`,
        // which it is until dpkg is seen to wait
        `touch /root/said; (timeout 120 sh -c 'until grep -q waiting /root/said; do sleep 0.2; done'; rm /root/at-work) & ${apt('install /root/newer.deb')} | tee /root/said; test -e /root/done`,
        'grep -F "waiting until the run that is under way has ended" /root/said',
        `test "$(dpkg-query -W -f '\${Version}' phoenix)" = 99.0`,
        compiledIsTaken(true),
        'phoenix setup --check',
        'systemctl is-enabled phoenix.timer && systemctl is-active phoenix.timer',
        HOST_IS_AS_IT_WAS,
      ),
    );
  });

  it('is not removed while a change waits to be confirmed', async () => {
    await lab.machine.succeed(`mkdir -p ${STATE}/way-back && touch ${STATE}/way-back/armed.json`);
    const { stdout } = await lab.machine.fail(apt('remove phoenix'));
    assert.match(stdout, /a change waits to be confirmed/);
    await lab.machine.succeed(
      allOf(`rm ${STATE}/way-back/armed.json`, 'phoenix --version', 'systemctl is-active phoenix.timer'),
    );
  });

  it('stops its timer when it is removed, and leaves the host as it is', async () => {
    await lab.machine.succeed(
      allOf(
        apt('remove phoenix'),
        '! systemctl is-active phoenix.timer && ! systemctl is-enabled phoenix.timer',
        'test ! -e /usr/lib/phoenix && test ! -e /usr/bin/phoenix && test ! -L /usr/local/bin/phoenix',
        `test -e ${STATE}/runs`,
        OLD_MOTD_IS_KEPT,
        HOST_IS_AS_IT_WAS,
      ),
    );
  });

  it('keeps old files and the manifest also when it is purged, and says so', async () => {
    const said = await lab.machine.succeed(apt('purge phoenix'));
    assert.match(said, /old content of files that phoenix replaced is kept in \/var\/lib\/phoenix\/backups/);
    assert.match(said, /your manifest and secrets in \/etc\/phoenix are kept/);
    await lab.machine.succeed(
      allOf(
        `test "$(ls ${STATE})" = backups && test ! -e /var/log/phoenix`,
        OLD_MOTD_IS_KEPT,
        HOST_IS_AS_IT_WAS,
        '! dpkg-query -W phoenix',
      ),
    );
  });

  it('has a small sister on the Node of the distribution, which is refused where that is too old', async () => {
    await installDistributionNode(lab.machine);
    await lab.machine.copyIn(packageFile('phoenix-core'), '/root/core.deb');
    if (currentRelease().version === '12') {
      // not quiet: then apt would not say why
      const refused = await lab.machine.fail('apt-get -y install /root/core.deb 2>&1');
      assert.match(refused.stdout, /phoenix-core : Depends: nodejs \(>= 20\.19\)/);
      await lab.phoenix.install();
      const { code, stderr } = await lab.phoenix.run(['--version']);
      assert.equal(code, 1);
      assert.match(stderr, /^phoenix: expected Node 20\.19 or later, found 18\.\S+ \(\/usr\/bin\/node\)/);
      return;
    }
    await lab.machine.succeed(
      allOf(
        apt('install /root/core.deb'),
        `test "$(readlink -f ${LIBRARY}/node/bin/node)" = /usr/bin/node && test ! -e ${LIBRARY}/dist/whole.js && test ! -e ${COMPILED}`,
        'phoenix setup --yes',
        'test "$(readlink /usr/local/bin/phoenix)" = /usr/lib/phoenix/bin/phoenix',
        HOST_IS_AS_IT_WAS,
      ),
    );
  });
});
