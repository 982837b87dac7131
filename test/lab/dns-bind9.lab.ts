import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { bringBind9, manifestOfBind9, REVERSE } from './dns/bind9.ts';
import {
  assertAnswers,
  assertEdges,
  dig,
  ELSEWHERE,
  ELSEWHERE_AT_HOME,
  record,
  RECORDS,
  statusesOf,
  ZONE,
} from './dns/zone.ts';
import { askAllTheWhile, assertNoneLost } from './dns/load.ts';
import { allOf, assertPlan } from './expect.ts';

const FOLDER = '/etc/bind/phoenix';
const OPTIONS = '/etc/bind/named.conf.options';
const CONF = `${FOLDER}/zone-${ZONE}.conf`;
const DATA = `${FOLDER}/zone-${ZONE}.db`;
const LOCAL = '/etc/bind/named.conf.local';

const FOREIGN = `cmp ${LOCAL} /root/local && cmp /etc/bind/named.conf /root/main`;
const UNCHANGED = `(systemctl show named -p InvocationID,NRestarts,MainPID; stat -c '%n %i %Z' ${FOLDER}/* ${OPTIONS} /etc/resolv.conf; journalctl -u named --output=cat | grep -c 'loading configuration')`;
const SERIAL = `dig +short @127.0.0.1 ${ZONE} SOA | cut -d ' ' -f 3`;
/** Of somebody else's. */
const HAND = `printf 'zone "hand.example.org" { type primary; file "/etc/bind/hand.db"; };\\n' >> ${LOCAL}; printf '@ 60 SOA localhost. root.localhost. 1 60 60 600 60\\n@ 60 NS localhost.\\n@ 60 A 10.0.0.77\\n' > /etc/bind/hand.db`;

describeLab('Dns by bind9', (lab) => {
  const converge = async (text: string): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };

  it('installs it, serves zones with their reverse ones, forwards the rest, and asks itself then', async () => {
    await bringBind9(lab.machine);
    await lab.machine.succeed(
      allOf(
        'ip link add d0 type dummy && ip addr add 10.9.0.1/24 dev d0 && ip link set d0 up',
        'for last in 2 53 54; do ip addr add 10.9.0.$last/24 dev d0; done',
        ...ELSEWHERE,
        'systemctl disable --now dnsmasq; echo "nameserver 10.9.0.53" > /root/resolv && cp --remove-destination /root/resolv /etc/resolv.conf',
      ),
    );
    await lab.machine.succeed(ELSEWHERE_AT_HOME);
    await lab.phoenix.manifest(manifestOfBind9());
    const taken = await lab.phoenix.setup();
    assert.equal(taken.code, 4, taken.stdout);
    assert.match(
      taken.stdout,
      /refused: port 53 is in use by dnsmasq \(process \d+\) at 127\.0\.0\.1; stop it/,
    );
    await lab.machine.succeed('! test -e /usr/sbin/named && systemctl stop squatter');
    await converge(manifestOfBind9());
    await lab.machine.succeed(
      allOf(HAND, 'rndc reload', `cp ${LOCAL} /root/local; cp /etc/bind/named.conf /root/main`),
    );
    await lab.machine.waitUntil('dig +short @10.9.0.1 hand.example.org | grep -qx 10.0.0.77');
    await assertAnswers(lab.machine);
    await assertEdges(lab.machine);
    await lab.machine.succeed(
      allOf(
        `getent ahosts web | grep -q '^10\\.0\\.0\\.1 '`,
        'systemctl is-enabled named && named-checkconf -z > /dev/null',
        // not even as it was installed
        '! journalctl -u named --output=cat | grep "listening on IP" | grep -Ev "127.0.0.1|10.9.0"',
        `dig @10.9.0.1 ${ZONE} AXFR | grep -q 'Transfer failed'`,
      ),
    );
    // Where the authority is asked, nobody is served but for its zones, and those of others in named.conf.local.
    const edges = await lab.machine.succeed(
      dig('public.example.org A nosuch.hand.example.org A', '10.9.0.2'),
    );
    assert.deepEqual(statusesOf(edges), ['REFUSED', 'NXDOMAIN']);
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed(`${UNCHANGED} > /root/before`);
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^In sync: 9 resources /m);
    await lab.machine.succeed(`${UNCHANGED} | cmp - /root/before`);
    const shown = await lab.phoenix.run(['show', 'DnsZone']);
    assert.match(shown.stdout, /name: corp\.example\.com\n +backend: bind9\n +forwarders:\n +- 10\.9\.0\.54/);
    assert.match(shown.stdout, /name: _http\._tcp\n +type: SRV\n +value: web\n +port: 8080/);
  });

  it('changes records by a reload with a higher serial, and loses no query of those that come all the while', async () => {
    await lab.machine.succeed(
      allOf(`systemctl show named -p MainPID > /root/before; ${SERIAL} > /root/serial`),
    );
    await askAllTheWhile(lab.machine);
    const changed = manifestOfBind9([
      ...RECORDS.slice(1),
      record('name: web, type: A, value: 10.0.0.3'),
      record('name: new, type: A, value: 10.0.0.4'),
      record('name: away, type: CNAME, value: www.example.org.'),
    ]);
    assertPlan(await converge(changed), {
      [`DnsZone[${ZONE}]`]: [/let named read it/, /-web\.\S+ A 10\.0\.0\.1/, /\+web\.\S+ A 10\.0\.0\.3/],
      [`DnsZone[${REVERSE}]`]: [/-1\.0\.0\.10\S+ PTR web/, /\+4\.0\.0\.10\S+ PTR new/],
    });
    await lab.machine.succeed(
      allOf(
        `test "$(dig +short @10.9.0.1 web.${ZONE} A new.${ZONE} A -x 10.0.0.4 away.${ZONE} CNAME | xargs)" = '10.0.0.3 10.0.0.4 new.${ZONE}. www.example.org.'`,
        `systemctl show named -p MainPID | cmp - /root/before; test "$(${SERIAL})" -gt "$(cat /root/serial)"`,
      ),
    );
    await assertNoneLost(lab.machine, '10.0.0.1', '10.0.0.3');
  });

  it('names and repairs what was changed by hand: in the files, and in what runs', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i 's/10.9.0.53/10.9.0.99/; /deny-answer/d' ${OPTIONS}`,
        `sed -i 's/phoenix-inside/any/' ${CONF}; sed -i '/ TXT /d; s/8080/8081/' ${DATA}`,
        `rm ${FOLDER}/zone-corp.example.com.conf; systemctl disable --now named; systemctl start named`,
      ),
    );
    await lab.phoenix.manifest(manifestOfBind9());
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'DnsServer[bind9]': [/-.*10\.9\.0\.99/, /\+.*10\.9\.0\.53/, /\+.*deny-answer-addresses/],
      'SystemdUnit[named.service]': /enable/,
      [`DnsZone[${ZONE}]`]: [/\+zone .*phoenix-inside/, /\+.* TXT /, /\+_http.*8080/],
      [`DnsZone[${REVERSE}]`]: /\+1\.0\.0\.10\S+ PTR web/,
      'DnsZone[corp.example.com]': /\+zone "corp\.example\.com"/,
    });
    await converge(manifestOfBind9());
    await assertAnswers(lab.machine);
    await lab.machine.succeed(FOREIGN);
  });

  it('compares what is answered: files that are right are not enough', async () => {
    await lab.machine.succeed(
      allOf(
        // named has read another version of the files, which are right again, and as old as before.
        `cp -p ${DATA} /root/data; cp -p ${OPTIONS} /root/options; cp -p ${FOLDER}/server.conf /root/mark`,
        `sed -i 's/ A 10.0.0.1$/ A 10.0.0.8/' ${DATA}; sed -i 's/10.9.0.53/10.9.0.54/' ${OPTIONS}; sed -i '$d' ${FOLDER}/server.conf; rndc reload`,
        `for try in $(seq 50); do dig +short @10.9.0.1 web.${ZONE} | grep -qx 10.0.0.8 && break; sleep 0.1; done`,
        `cp -p /root/data ${DATA}; cp -p /root/options ${OPTIONS}; cp -p /root/mark ${FOLDER}/server.conf`,
      ),
    );
    assertPlan(await converge(manifestOfBind9()), {
      'DnsServer[bind9]': /let named read .*named\.conf\.options again: it does not use what is in it/,
      [`DnsZone[${ZONE}]`]: [/with a higher serial/, /answer to web\.\S+ A: 10\.0\.0\.8 → 10\.0\.0\.1/],
    });
    await assertAnswers(lab.machine);
  });

  it('refuses a zone that others have, and what named would not take; the old stays live', async () => {
    await lab.machine.succeed(
      allOf(`sed -i 's/hand.example.org/rival.example.org/' ${LOCAL}; ${UNCHANGED} > /root/before`),
    );
    const more = '    - { name: rival.example.org, records: [{ name: www, type: A, value: 10.7.0.5 }] }\n';
    // Not among the names that a host may have: only named's own check knows it.
    const bad = '    - { name: bad.example.org, records: [{ name: _a, type: A, value: 10.7.0.5 }] }\n';
    await lab.phoenix.manifest(manifestOfBind9().replace('  resolver:', `${more}${bad}$&`));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assertPlan(stdout, {
      'DnsZone[rival.example.org]': /refused: .*\/etc\/bind\/named\.conf\.local has it/,
      'DnsZone[bad.example.org]': /\+_a\.bad\.example\.org\. A/,
    });
    assert.match(
      stdout,
      /DnsZone\[bad\.example\.org\]: failed: named rejects .*nothing was written:\n.*bad owner name/,
    );

    await lab.machine.succeed(`echo 'nonsense yes;' >> ${LOCAL}`);
    await lab.phoenix.manifest(manifestOfBind9([...RECORDS, record('name: more, type: TXT, value: x')]));
    const broken = await lab.phoenix.setup();
    assert.equal(broken.code, 4, broken.stdout);
    assert.match(
      broken.stdout,
      /DnsZone\[.*\]: failed: named rejects .*nothing was written:\n.*named\.conf\.local:\d+: unknown option 'nonsense'/,
    );
    await assertAnswers(lab.machine);
    await lab.machine.succeed(allOf(`${UNCHANGED} | cmp - /root/before`, `cp /root/local ${LOCAL}`));
  });

  it('takes back what named cannot load', async () => {
    // Its checks run as root and without the profile: only the reload shows it.
    await lab.machine.succeed(
      `${UNCHANGED.replace('; journalctl', '; : journalctl')} > /root/before; echo 'deny /etc/bind/phoenix/zone-more.example.org.db r,' > /etc/apparmor.d/local/usr.sbin.named; apparmor_parser -r /etc/apparmor.d/usr.sbin.named`,
    );
    const more = '    - { name: more.example.org, records: [{ name: www, type: A, value: 10.7.0.5 }] }\n';
    await lab.phoenix.manifest(manifestOfBind9().replace('  resolver:', `${more}$&`));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(
      stdout,
      /DnsZone\[more\.example\.org\]: failed: named does not have zone more\.example\.org with serial \d+ .*\n[^]*permission denied[^]*as they were before, and named has read them again/,
    );
    await lab.machine.succeed(`${UNCHANGED.replace('; journalctl', '; : journalctl')} | cmp - /root/before`);
    await assertAnswers(lab.machine);
  });

  it('removes zones and settings, and leaves what is of others', async () => {
    await lab.machine.succeed('systemctl stop elsewhere-53 elsewhere-54');
    const names = [ZONE, REVERSE, `${'0.'.repeat(14)}d.f.ip6.arpa`, 'corp.example.com', 'auth.example.net'];
    await converge(
      'version: 1\nresources:\n' +
        names.map((name) => `  - DnsZone: { name: ${name}, backend: bind9, ensure: absent }\n`).join('') +
        '  - DnsServer: { backend: bind9, ensure: absent }\n',
    );
    await lab.machine.succeed(
      allOf(
        `test -z "$(ls ${FOLDER})" && ! grep phoenix ${OPTIONS} && named-checkconf`,
        'dig +short @10.9.0.1 hand.example.org | grep -qx 10.0.0.77',
        FOREIGN,
      ),
    );
    const gone = await lab.machine.run(dig(`web.${ZONE} A +norec`));
    assert.doesNotMatch(gone.stdout, /10\.0\.0\.1/);
  });
});
