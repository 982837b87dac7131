import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const ZONE = 'internal.example.net';
const CONF = `/etc/dnsmasq.d/phoenix-zone-${ZONE}.conf`;
const HOSTS = `/etc/dnsmasq.phoenix/${ZONE}.hosts`;
const SERVER = '/etc/dnsmasq.d/phoenix-server.conf';

const record = (fields: string): string => `        - { ${fields} }\n`;
const RECORDS = [
  'name: web, type: A, value: 10.0.0.1',
  'name: web, type: AAAA, value: fd00::1',
  'name: short, type: A, value: 10.0.0.2, ttl: 60',
  'name: www, type: CNAME, value: web',
  "name: '*.apps', type: A, value: 10.0.0.50",
  `name: '@', type: TXT, value: 'say "hi", \\ #1; $(reboot)'`,
  'name: _http._tcp, type: SRV, value: web, port: 8080, priority: 1, weight: 2',
  "name: '@', type: MX, value: web",
  'name: 10.0.0.9, type: PTR, value: router',
].map(record);
const zones = (records: readonly string[]): string =>
  `  zones:\n    - name: ${ZONE}\n      records:\n${records.join('')}` +
  '    - { name: corp.example.com, forwarders: [10.9.0.54] }\n' +
  '    - { name: auth.example.net, authoritative: true, records: [{ name: ns, type: A, value: 10.9.0.2 }] }\n';
const HEAD =
  'version: 1\ndns:\n  listen: [10.9.0.1]\n  upstream: [10.9.0.53]\n  localTtl: 30\n  authority: { name: ns.auth.example.net, listen: [10.9.0.2] }\n';
const RESOLVER = `  resolver: { nameservers: [127.0.0.1], search: [${ZONE}], options: ['timeout:2'], probe: web.${ZONE} }\n`;
const manifest = (records = RECORDS): string => HEAD + zones(records) + RESOLVER;

/** What `dig` says in short, at the address. */
const digs = (question: string, answer: string, at = '10.9.0.1'): string =>
  `test "$(dig +short +time=2 +tries=1 @${at} ${question} | sort)" = '${answer}'`;
const ANSWERS = [
  digs(`web.${ZONE} A`, '10.0.0.1'),
  digs(`web.${ZONE} AAAA`, 'fd00::1'),
  digs(`WEB.${ZONE} A`, '10.0.0.1', '127.0.0.1'),
  `dig +noall +answer @10.9.0.1 short.${ZONE} A | grep -qE '[[:space:]]60[[:space:]]'`,
  `dig +noall +answer @10.9.0.1 web.${ZONE} A | grep -qE '[[:space:]]30[[:space:]]'`,
  digs(`www.${ZONE} A`, `10.0.0.1\nweb.${ZONE}.`),
  digs(`any.apps.${ZONE} A`, '10.0.0.50'),
  digs(`${ZONE} TXT`, `"say \\"hi\\", \\\\ #1; $(reboot)"`),
  digs(`_http._tcp.${ZONE} SRV`, `1 2 8080 web.${ZONE}.`),
  digs(`${ZONE} MX`, `10 web.${ZONE}.`),
  digs('-x 10.0.0.1', `web.${ZONE}.`),
  digs('-x fd00::1', `web.${ZONE}.`),
  digs('-x 10.0.0.2', `short.${ZONE}.`),
  digs('-x 10.0.0.9', `router.${ZONE}.`),
  // only an address of IPv4: no error, and nothing (an error would make some clients give up)
  `dig @10.9.0.1 short.${ZONE} AAAA | grep -q 'status: NOERROR'`,
  `dig @10.9.0.1 nosuch.${ZONE} | grep -q 'status: NXDOMAIN'`,
  digs('public.example.org A', '192.0.2.53'),
  digs('host.corp.example.com A', '192.0.2.54'),
  `dig +norec @10.9.0.2 ns.auth.example.net | grep -qE 'flags: qr aa;'`,
  `dig @10.9.0.2 web.${ZONE} | grep -q 'status: REFUSED'`,
  digs('auth.example.net NS', 'ns.auth.example.net.', '10.9.0.2'),
  `getent ahosts web | grep -q '^10\\.0\\.0\\.1 '`,
];

/** Every `dig` takes long under emulation, so that all are asked only where the whole was at stake. */
const ANSWERS_STILL = [
  digs(`web.${ZONE} A`, '10.0.0.1'),
  digs(`_http._tcp.${ZONE} SRV`, `1 2 8080 web.${ZONE}.`),
  digs('public.example.org A', '192.0.2.53'),
];

/** Two servers elsewhere, which answer everything with their own address. */
const ELSEWHERE = [53, 54].map(
  (last) =>
    `systemd-run --quiet --unit=elsewhere-${last} dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --bind-interfaces --listen-address=10.9.0.${last} --no-resolv --no-hosts --address=/#/192.0.2.${last}`,
);
/** Somebody who has the port already. */
const ELSEWHERE_AT_HOME =
  'systemd-run --quiet --unit=squatter dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --bind-interfaces --listen-address=127.0.0.1 --no-resolv --no-hosts && sleep 1';
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
      ),
    );
    await lab.machine.succeed(ELSEWHERE_AT_HOME);
    await lab.phoenix.manifest(manifest());
    const taken = await lab.phoenix.setup();
    assert.equal(taken.code, 4, taken.stdout);
    assert.match(
      taken.stdout,
      /refused: port 53 is in use by dnsmasq \(process \d+\) at 127\.0\.0\.1; stop it/,
    );
    await lab.machine.succeed('systemctl stop squatter; ! ls /etc/dnsmasq.d | grep phoenix');
    await converge(manifest());
    await lab.machine.succeed(
      allOf(
        ...ANSWERS,
        digs('hand.example.org A', '10.0.0.77'),
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
    await lab.machine.succeed(
      allOf(
        'systemctl show dnsmasq -p MainPID > /root/before',
        `yes "web.${ZONE} A" | head -100 > /root/questions`,
        `(n=0; until test -e /root/stop; do dig +noall +answer +comments +time=2 +tries=1 @10.9.0.1 -f /root/questions >> /root/load 2>&1; n=$((n + 100)); done; echo $n > /root/asked) > /dev/null 2>&1 &`,
      ),
    );
    await lab.machine.waitUntil('test -s /root/load');
    const stdout = await converge(
      manifest([
        ...RECORDS.slice(1),
        record('name: web, type: A, value: 10.0.0.3'),
        record('name: new, type: A, value: 10.0.0.4'),
      ]),
    );
    assertPlan(stdout, {
      [`DnsZone[${ZONE}]`]: [/let dnsmasq read it again/, /-10\.0\.0\.1 web/, /\+10\.0\.0\.3 web/],
    });
    await lab.machine.succeed(
      allOf(
        digs(`web.${ZONE} A`, '10.0.0.3'),
        digs(`new.${ZONE} A`, '10.0.0.4'),
        digs('-x 10.0.0.4', `new.${ZONE}.`),
        'systemctl show dnsmasq -p MainPID | cmp - /root/before',
        'touch /root/stop',
      ),
    );
    await lab.machine.waitUntil('test -s /root/asked');
    await lab.machine.succeed(
      allOf(
        '! grep -E "timed out|refused|no servers|SERVFAIL|NXDOMAIN" /root/load',
        'grep -q "10\\.0\\.0\\.1$" /root/load && grep -q "10\\.0\\.0\\.3$" /root/load',
        'test "$(grep -c "status: NOERROR" /root/load)" = "$(cat /root/asked)"',
      ),
    );
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
    await lab.machine.succeed(allOf(...ANSWERS, FOREIGN));
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
    const reload = await lab.phoenix.check();
    assert.equal(reload.code, 2, reload.stdout);
    assertPlan(reload.stdout, {
      [`DnsZone[${ZONE}]`]: [
        /let dnsmasq read .* again/,
        /answer to web\.internal\.example\.net A: 10\.0\.0\.8 → 10\.0\.0\.1/,
        /answer to 1\.0\.0\.10\.in-addr\.arpa PTR: none → web/,
      ],
    });
    await converge(manifest());
    await lab.machine.succeed(
      allOf(
        ...ANSWERS_STILL,
        `sed -i 's/8080/8081/; /^txt-record=.*invalid/s/,.*/,other/' ${CONF}; sed -i 's/10.9.0.53/10.9.0.54/; /^txt-record/s/,.*/,other/' ${SERVER}; systemctl restart dnsmasq`,
        `cp -p /root/conf ${CONF}; cp -p /root/server ${SERVER}`,
      ),
    );
    const restart = await lab.phoenix.check();
    assert.equal(restart.code, 2, restart.stdout);
    assertPlan(restart.stdout, {
      'DnsServer[dnsmasq]': /restart dnsmasq: it does not use what is in .*phoenix-server/,
      [`DnsZone[${ZONE}]`]: /zone in use: other → [0-9a-f]{16}/,
    });
    await converge(manifest());
    await lab.machine.succeed(allOf(...ANSWERS));
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
    await lab.machine.succeed(
      allOf(`${UNCHANGED} | cmp - /root/before`, 'cp /root/hand /etc/dnsmasq.d/hand.conf', ...ANSWERS_STILL),
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
        ...ANSWERS_STILL,
        `! grep more ${CONF}`,
      ),
    );
  });

  it('never leaves the host without a resolver', async () => {
    await lab.machine.succeed('cp /etc/resolv.conf /root/resolv');
    const resolver = async (fields: string): Promise<string> => {
      await lab.phoenix.manifest(`version: 1\ndns:\n  resolver: { ${fields} }\n`);
      const { code, stdout } = await lab.phoenix.setup();
      assert.equal(code, 4, stdout);
      await lab.machine.succeed('cmp /etc/resolv.conf /root/resolv');
      return stdout;
    };
    assert.match(
      await resolver(`nameservers: [127.0.0.1, 10.9.0.77], probe: web.${ZONE}`),
      /resolv\.conf was left as it is: 10\.9\.0\.77 does not answer/,
    );
    await lab.machine.succeed(
      'cp /etc/nsswitch.conf /root/nss; sed -i "s/^hosts:.*/hosts: files/" /etc/nsswitch.conf',
    );
    assert.match(
      await resolver('nameservers: [10.9.0.53], probe: public.example.org'),
      /resolv\.conf is as it was before: public\.example\.org is not resolved/,
    );
    await lab.machine.succeed(
      allOf(
        'cp /root/nss /etc/nsswitch.conf; mkdir -p /run/systemd/resolve; cp /root/resolv /run/systemd/resolve/stub-resolv.conf',
        'ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf',
      ),
    );
    assert.match(
      await resolver('nameservers: [10.9.0.53], probe: public.example.org'),
      /refused: .*is kept by systemd-resolved/,
    );
    await lab.machine.succeed('rm -r /run/systemd/resolve');
    await converge('version: 1\ndns:\n  resolver: { nameservers: [10.9.0.53], probe: public.example.org }\n');
    await lab.machine.succeed('test ! -L /etc/resolv.conf; getent hosts public.example.org');
  });

  it('removes zones and the server settings, and leaves what is of others', async () => {
    // Without settings of ours dnsmasq takes port 53 at every address.
    await lab.machine.succeed('systemctl stop elsewhere-53 elsewhere-54');
    await converge(
      'version: 1\nresources:\n' +
        [ZONE, 'corp.example.com', 'auth.example.net']
          .map((name) => `  - DnsZone: { name: ${name}, ensure: absent }\n`)
          .join('') +
        '  - DnsServer: { ensure: absent }\n',
    );
    await lab.machine.succeed(
      allOf('! ls /etc/dnsmasq.d | grep phoenix; test -z "$(ls /etc/dnsmasq.phoenix)"', FOREIGN),
    );
  });
});
