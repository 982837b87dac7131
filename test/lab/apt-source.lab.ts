import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

/** Made by signed-archive/make.sh; what gpg says of the keys. */
const KEY = '2BA2267D42A8663B95FD5E8577288DEF344BB73C';
const OTHER = 'F8A298D882D10C9D6F632A04B23D8D0F6350258A';
const HERE = join(import.meta.dirname, 'signed-archive');
const SUITE = '/srv/signed/dists/stable';
const FILE = '/etc/apt/sources.list.d/lab-signed.sources';
const RING = '/etc/apt/keyrings/lab.asc';
const VENDOR = '/etc/apt/sources.list.d/pve-enterprise.sources';

const manifest = ({ key = 'lab', pin = KEY, uri = 'file:/srv/signed', more = '' } = {}): string => `version: 1
initial:
  apt:
    enterprise: false
    keys:
      - { name: lab, file: ${key}.asc, fingerprints: ['${pin}'] }
    sources:
      - { name: lab-signed, uris: ['${uri}'], suites: [stable], components: [main], signedBy: lab }
${more}`;

describeLab('AptKey, AptSource and AptSourceSwitch', (lab) => {
  const setup = async (text: string, code: number): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code: found, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(found, code, stdout + stderr);
    return stdout + stderr;
  };
  before(async () => {
    await lab.machine.succeed(`mkdir -p ${SUITE}/main/binary-all ${SUITE}/main/binary-amd64 /etc/phoenix`);
    await lab.machine.copyIn(join(HERE, 'InRelease'), `${SUITE}/InRelease`);
    await lab.machine.copyIn(join(HERE, 'Packages'), `${SUITE}/main/binary-all/Packages`);
    await lab.machine.copyIn(join(HERE, 'Packages'), `${SUITE}/main/binary-amd64/Packages`);
    for (const key of ['lab', 'other'])
      await lab.machine.copyIn(join(HERE, `${key}.asc`), `/etc/phoenix/${key}.asc`);
    await lab.machine.writeFile(
      VENDOR,
      '# by the vendor\nTypes: deb\nURIs: https://enterprise.proxmox.com/debian/pve\nSuites: trixie\nComponents: pve-enterprise\n',
      '0644',
    );
  });

  it('refuses a key whose fingerprint is not the pinned one, and changes nothing', async () => {
    const said = await setup(manifest({ key: 'other' }), 78);
    assert.match(said, new RegExp(`fingerprint ${OTHER}, which`));
    await lab.machine.succeed(allOf(`test ! -e ${RING}`, `test ! -e ${FILE}`, `! grep -q Enabled ${VENDOR}`));
  });

  it('trusts the pinned key for one source, fetches its lists, and switches the vendor source off', async () => {
    await setup(manifest(), 0);
    await lab.machine.succeed(
      allOf(
        'apt-cache policy phoenix-test-signed | grep -q "file:/srv/signed stable/main"',
        'apt-cache policy phoenix-test-hello | grep -q 1.1',
        `test "$(stat -c "%a %U" ${RING})" = "644 root"`,
        '! ls /etc/apt/trusted.gpg.d | grep -q lab',
        `grep -qx "Enabled: no" ${VENDOR} && grep -qx "# by the vendor" ${VENDOR}`,
        'apt-get update --error-on=any',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 3 resources/m);
  });

  it('names what was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `cat /etc/phoenix/other.asc > ${RING}`,
        `sed -i "s/^Enabled: no/Enabled: yes/" ${VENDOR}`,
        `sed -i "s/^Components: main/Components: main extra/" ${FILE}`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'AptKey[lab]': new RegExp(`fingerprints: ${OTHER} .* → ${KEY} `),
      'AptSourceSwitch[https://enterprise.proxmox.com/debian]': /^ +\+Enabled: no$/m,
      'AptSource[lab-signed]': /^ +-Components: main extra$/m,
    });
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(
      allOf(
        `cmp ${RING} /etc/phoenix/lab.asc`,
        `grep -qx "Components: main" ${FILE}`,
        `grep -qx "Enabled: no" ${VENDOR}`,
        `chmod 0600 ${RING}`,
        'rm /var/lib/apt/lists/_srv_signed_*',
      ),
    );
    const again = await lab.phoenix.check();
    assertPlan(again.stdout, {
      'AptKey[lab]': /mode: 0600 → 0644/,
      'AptSource[lab-signed]': /fetch the package lists of lab-signed/,
    });
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(
      'apt-cache policy phoenix-test-signed | grep -q "file:/srv/signed stable/main"',
    );
  });

  it('keeps the old file while a new one does not answer, or is signed by another key, and tries again', async () => {
    await lab.machine.succeed(`cp ${FILE} /root/before`);
    const gone = await setup(manifest({ uri: 'http://127.0.0.1:9/debian' }), 4);
    assert.match(gone, /^AptSource\[lab-signed\]: failed: .*check the address/m);
    const unsigned = await setup(manifest({ key: 'other', pin: OTHER, uri: 'file:/srv/signed/.' }), 4);
    assert.match(unsigned, /^AptSource\[lab-signed\]: failed: .*signature is not by the key/m);
    await lab.machine.succeed(allOf(`cmp ${FILE} /root/before`, 'test ! -e /run/phoenix-candidate'));
    await setup(manifest(), 0);
    await lab.machine.succeed('apt-get update --error-on=any');
  });

  it('refuses another release, and two keys for one archive, before anything is changed', async () => {
    await lab.machine.succeed(
      'printf "Types: deb\\nURIs: file:/srv/signed\\nSuites: stable\\nComponents: main\\nSigned-By: /etc/apt/keyrings/lab.asc\\n" > /etc/apt/sources.list.d/twice.sources',
    );
    const twice = await lab.phoenix.check();
    assert.equal(twice.code, 0);
    assert.match(twice.stdout, /twice\.sources, line 1, has file:\/srv\/signed stable, too/);
    await lab.machine.succeed('sed -i s/lab.asc/none.asc/ /etc/apt/sources.list.d/twice.sources');
    const more =
      "      - { name: old, uris: ['https://deb.debian.org/debian'], suites: [buster], components: [main], signedBy: lab }\n";
    await lab.phoenix.manifest(manifest({ more }));
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2);
    assertPlan(stdout, {
      'AptSource[lab-signed]': /refused: .*twice\.sources, line 1, .*another key/,
      'AptSource[old]': /refused: buster is not of this host's release/,
    });
    await lab.machine.succeed('rm /etc/apt/sources.list.d/twice.sources');
  });

  it('removes both, and leaves the files of others', async () => {
    await setup(
      `version: 1
initial:
  apt:
    keys: [{ name: lab, ensure: absent }]
    sources: [{ name: lab-signed, ensure: absent }]
`,
      0,
    );
    await lab.machine.succeed(
      allOf(
        `test ! -e ${FILE} -a ! -e ${RING}`,
        `test -e ${VENDOR}`,
        'test -e /etc/apt/sources.list.d/lab.list',
      ),
    );
  });
});
