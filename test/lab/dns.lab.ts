import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import {
  assertAnswers,
  assertEdges,
  ELSEWHERE,
  ELSEWHERE_AT_HOME,
  manifest,
  record,
  RECORDS,
  ZONE,
} from './dns/zone.ts';
import { assertToldApart, signedZone, SIGNED } from './dns/signed.ts';
import { askAllTheWhile, assertNoneLost } from './dns/load.ts';
import { allOf, assertPlan } from './expect.ts';

const CONF = `/etc/dnsmasq.d/phoenix-zone-${ZONE}.conf`;
const HOSTS = `/etc/dnsmasq.phoenix/${ZONE}.hosts`;
const SERVER = '/etc/dnsmasq.d/phoenix-server.conf';

const FOREIGN = 'cmp /etc/dnsmasq.conf /root/main && cmp /etc/dnsmasq.d/hand.conf /root/hand';
const UNCHANGED = `(systemctl show dnsmasq -p InvocationID,NRestarts; stat -c '%n %i %Z' ${CONF} ${HOSTS} ${SERVER} /etc/resolv.conf)`;

describeLab('Dns', (lab) => {
  const converge = async (text: string): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  it('serves zones and forwards the rest, from a host without a server, and asks itself then', async () => {
    await lab.machine.succeed(
      allOf(
        'ip link add d0 type dummy && ip addr add 10.9.0.1/24 dev d0 && ip link set d0 up',
        'for last in 2 53 54; do ip addr add 10.9.0.$last/24 dev d0; done',
        ...ELSEWHERE,
        'systemctl disable --now dnsmasq; echo "nameserver 10.9.0.53" > /root/resolv && cp --remove-destination /root/resolv /etc/resolv.conf',
        "printf '# mine\\naddress=/hand.example.org/10.0.0.77\\n' > /etc/dnsmasq.d/hand.conf",
        'cp /etc/dnsmasq.d/hand.conf /root/hand; cp /etc/dnsmasq.conf /root/main',
        ELSEWHERE_AT_HOME,
      ),
    );
    await lab.phoenix.manifest(manifest());
    const taken = await lab.phoenix.setup();
    assert.equal(taken.code, 4, taken.stdout);
    assert.match(
      taken.stdout,
      /refused: port 53 is in use by dnsmasq \(process \d+\) at 127\.0\.0\.1; stop it/,
    );
    await lab.machine.succeed('systemctl stop squatter; ! ls /etc/dnsmasq.d | grep phoenix');
    await converge(manifest());
    await assertAnswers(lab.machine);
    await assertEdges(lab.machine);
    await lab.machine.succeed(
      allOf(
        `getent ahosts web | grep -q '^10\\.0\\.0\\.1 '`,
        `dig +short @127.0.0.1 WEB.${ZONE} A | grep -qx 10.0.0.1`,
        'systemctl is-enabled dnsmasq',
        '! ss -Hlun | grep -E "(0.0.0.0|\\*|\\[::\\]):(53|67)\\b"',
        FOREIGN,
        `printf '# managed by phoenix: Resolver[system]\\nsearch ${ZONE}\\nnameserver 127.0.0.1\\noptions timeout:2\\n' | cmp - /etc/resolv.conf`,
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed(`${UNCHANGED} > /root/before`);
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^In sync: 7 resources /m);
    await lab.machine.succeed(`${UNCHANGED} | cmp - /root/before`);
    const shown = await lab.phoenix.run(['show', 'DnsZone']);
    assert.match(shown.stdout, /name: corp\.example\.com\n +forwarders:\n +- 10\.9\.0\.54/);
    assert.match(shown.stdout, /name: _http\._tcp\n +type: SRV\n +value: web\n +port: 8080/);
  });

  it('changes addresses by a reload, and loses no query of those that come all the while', async () => {
    await lab.machine.succeed('systemctl show dnsmasq -p MainPID > /root/before');
    await askAllTheWhile(lab.machine);
    const changed = manifest([
      ...RECORDS.slice(1),
      record('name: web, type: A, value: 10.0.0.3'),
      record('name: new, type: A, value: 10.0.0.4'),
    ]);
    assertPlan(await converge(changed), {
      [`DnsZone[${ZONE}]`]: [/let dnsmasq read it again/, /-10\.0\.0\.1 web/, /\+10\.0\.0\.3 web/],
    });
    await lab.machine.succeed(
      allOf(
        `test "$(dig +short @10.9.0.1 web.${ZONE} A new.${ZONE} A -x 10.0.0.4 | xargs)" = '10.0.0.3 10.0.0.4 new.${ZONE}.'`,
        'systemctl show dnsmasq -p MainPID | cmp - /root/before',
      ),
    );
    await assertNoneLost(lab.machine, '10.0.0.1', '10.0.0.3');
  });

  it('names and repairs what was changed by hand: in the files, in what runs, in resolv.conf', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i 's/10.9.0.53/10.9.0.99/; s/^local-ttl=.*/local-ttl=5/; /^no-hosts/d' ${SERVER}`,
        `sed -i '/txt-record=${ZONE}/d; s/8080/8081/; s/^cname=.*/cname=www.${ZONE},short.${ZONE}/' ${CONF}`,
        `sed -i 's/^fd00::1 .*/fd00::2 web.${ZONE}/' ${HOSTS}`,
        'rm /etc/dnsmasq.phoenix/corp.example.com.hosts',
        'systemctl disable --now dnsmasq; systemctl start dnsmasq',
        'printf "search wrong.example\\nnameserver 10.9.0.54\\noptions rotate\\n" > /etc/resolv.conf',
      ),
    );
    await lab.phoenix.manifest(manifest());
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'DnsServer[dnsmasq]': [/-server=10\.9\.0\.99/, /\+server=10\.9\.0\.53/, /\+local-ttl=30/, /\+no-hosts/],
      'SystemdUnit[dnsmasq.service]': /enable/,
      [`DnsZone[${ZONE}]`]: [/\+txt-record=/, /\+srv-host=.*8080/, /\+cname=.*,web/, /\+fd00::1 web/],
      'DnsZone[corp.example.com]': /corp\.example\.com\.hosts/,
      'Resolver[system]': [
        /nameservers: 10\.9\.0\.54 → 127\.0\.0\.1/,
        /search: wrong\.example → internal/,
        /options: rotate → timeout:2/,
      ],
    });
    await converge(manifest());
    await assertAnswers(lab.machine);
    await lab.machine.succeed(FOREIGN);
  });

  it('compares what is answered: files that are right are not enough', async () => {
    await lab.machine.succeed(
      allOf(
        // The server has read another version of the files, which are right again.
        `cp -p ${CONF} /root/conf; cp -p ${HOSTS} /root/hosts; cp -p ${SERVER} /root/server`,
        `sed -i 's/^10.0.0.1 /10.0.0.8 /' ${HOSTS}; systemctl reload dnsmasq`,
        'for try in $(seq 50); do dig +short @10.9.0.1 web.internal.example.net | grep -qx 10.0.0.8 && break; sleep 0.1; done',
        `cp -p /root/hosts ${HOSTS}`,
      ),
    );
    assertPlan(await converge(manifest()), {
      [`DnsZone[${ZONE}]`]: [
        /let dnsmasq read .* again/,
        /answer to web\.internal\.example\.net A: 10\.0\.0\.8 → 10\.0\.0\.1/,
        /answer to 1\.0\.0\.10\.in-addr\.arpa PTR: none → web/,
      ],
    });
    await assertAnswers(lab.machine);
    await lab.machine.succeed(
      allOf(
        `sed -i 's/8080/8081/; /^txt-record=.*invalid/s/,.*/,other/' ${CONF}; sed -i 's/10.9.0.53/10.9.0.54/; /^txt-record/s/,.*/,other/' ${SERVER}; systemctl restart dnsmasq`,
        `cp -p /root/conf ${CONF}; cp -p /root/server ${SERVER}`,
      ),
    );
    assertPlan(await converge(manifest()), {
      'DnsServer[dnsmasq]': /restart dnsmasq: it does not use what is in .*phoenix-server/,
      [`DnsZone[${ZONE}]`]: /zone in use: other → [0-9a-f]{16}/,
    });
    await assertAnswers(lab.machine);
  });

  it('refuses names that others have, and what dnsmasq would not take or start with; the old stays live', async () => {
    await lab.machine.succeed(
      allOf(
        "printf 'host-record=mine.internal.example.net,10.0.0.66\\n' >> /etc/dnsmasq.d/hand.conf; cp /etc/dnsmasq.d/hand.conf /root/hand",
        `${UNCHANGED} > /root/before`,
      ),
    );
    // dnsmasq's own test passes over an authoritative zone without a server with authority.
    const rival = manifest([...RECORDS, record('name: mine, type: A, value: 10.0.0.5')]);
    await lab.phoenix.manifest(rival.replace(/ {2}authority: .*\n/, ''));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assertPlan(stdout, {
      'DnsServer[dnsmasq]': /-auth-server=/,
      [`DnsZone[${ZONE}]`]: /refused: .*\/etc\/dnsmasq\.d\/hand\.conf:3 has `host-record=mine\.internal/,
    });
    assert.match(stdout, /DnsServer\[dnsmasq\]: failed: dnsmasq rejects .*nothing was written/);

    await lab.machine.succeed('echo nosuchoption >> /etc/dnsmasq.d/hand.conf');
    await lab.phoenix.manifest(manifest([...RECORDS, record('name: more, type: TXT, value: x')]));
    const broken = await lab.phoenix.setup();
    assert.equal(broken.code, 4, broken.stdout);
    assert.match(
      broken.stdout,
      /DnsZone\[.*\]: failed: dnsmasq rejects .*nothing was written:\n.*bad option at line 4 of \/etc\/dnsmasq\.d\/hand\.conf/,
    );
    await assertAnswers(lab.machine);
    await lab.machine.succeed(
      allOf(`${UNCHANGED} | cmp - /root/before`, 'cp /root/hand /etc/dnsmasq.d/hand.conf'),
    );
  });

  it('takes back what dnsmasq does not start with', async () => {
    await lab.machine.succeed(
      allOf(
        `${UNCHANGED.replace('(systemctl', '(: systemctl')} > /root/before`,
        // Its check does not notice: only the start fails.
        'echo user=nobodyatall >> /etc/dnsmasq.d/hand.conf',
      ),
    );
    await lab.phoenix.manifest(manifest([...RECORDS, record('name: more, type: TXT, value: x')]));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /dnsmasq does not start:\n[^]*nobodyatall[^]*as they were before/);
    await lab.machine.succeed(
      allOf(
        'cp /root/hand /etc/dnsmasq.d/hand.conf; systemctl reset-failed dnsmasq; systemctl start dnsmasq',
        `! grep more ${CONF}`,
      ),
    );
    await assertAnswers(lab.machine);
  });

  it('tells a signed answer from a forged one', async () => {
    await signedZone(lab.machine, '/etc/dnsmasq.d/hand.conf');
    await lab.machine.succeed('cp /etc/dnsmasq.d/hand.conf /root/hand');
    const zone = `    - { name: ${SIGNED}, forwarders: [10.9.0.55] }\n`;
    await converge(
      manifest().replace('  localTtl: 30\n', '$&  dnssec: true\n').replace('  resolver:', `${zone}$&`),
    );
    await assertToldApart(lab.machine);
  });

  it('removes zones and the server settings, and leaves what is of others', async () => {
    // Without settings of ours dnsmasq takes port 53 at every address.
    await lab.machine.succeed('systemctl stop elsewhere-53 elsewhere-54 signed');
    await converge(
      'version: 1\nresources:\n' +
        [ZONE, 'corp.example.com', 'auth.example.net', SIGNED]
          .map((name) => `  - DnsZone: { name: ${name}, ensure: absent }\n`)
          .join('') +
        '  - DnsServer: { ensure: absent }\n',
    );
    await lab.machine.succeed(
      allOf('! ls /etc/dnsmasq.d | grep phoenix; test -z "$(ls /etc/dnsmasq.phoenix)"', FOREIGN),
    );
  });
});
