import { strict as assert } from 'node:assert';
import networkInterface from '../../../src/resources/network-interface/index.ts';
import { withInterface, withoutInterface } from '../../../src/resources/network-interface/edit.ts';
import { wantedOf } from '../../../src/resources/network-interface/wanted.ts';
import type { Command, CommandResult, Fact } from '../../../src/host/host.ts';
import { FakeHost } from '../../support/fake-host.ts';

const desired = (fields: object) => networkInterface.desired.parse(fields);
const put = (text: string, fields: object): string => withInterface(text, wantedOf(desired(fields), true));

const FILE = `# head \u00e9
source interfaces.d/*

auto lo vmbr0
iface lo inet loopback

allow-hotplug eno1
iface eno1 inet dhcp

iface vmbr0 inet static
        address 10.0.0.13
        netmask 255.255.255.0
        broadcast 10.0.0.255
        gateway 10.0.0.1
        bridge_ports eno1
        bridge-stp off
        bridge-fd 0
        bridge-ports-condone-regex ^(tap|veth|fwpr|fwln|vnet)
        # inner
        post-up echo \\
           hi
#remark of the web interface

iface vmbr0 inet6 static
        address fd00::1
        netmask 64

# the end`;
const SAME = {
  name: 'vmbr0',
  address: ['10.0.0.13/24', 'fd00::1/64'],
  gateway: '10.0.0.1',
  bridgePorts: ['eno1'],
};

describe('the interfaces file', () => {
  it('stays the very same text where nothing differs in its meaning', () => {
    assert.equal(put(FILE, SAME), FILE);
  });

  it('changes only the lines that say something else, and the mask with its address', () => {
    const expected = FILE.replace(
      '        address 10.0.0.13\n        netmask 255.255.255.0\n        broadcast 10.0.0.255\n',
      '        address 10.0.0.14/24\n',
    );
    assert.equal(put(FILE, { ...SAME, address: ['10.0.0.14/24', 'fd00::1/64'] }), expected);
  });

  it('takes the IPv6 lines away with the last address, and the name off a line with others', () => {
    const text = put(FILE, { ...SAME, address: '10.0.0.13/24', auto: false });
    assert.match(text, /^auto lo$/m);
    assert.doesNotMatch(text, /inet6/);
    assert.match(text, /#remark of the web interface\n\n# the end$/);
  });

  it('has the IPv6 lines right below those of IPv4, with their remark', () => {
    const without = put(FILE, { ...SAME, address: '10.0.0.13/24' });
    assert.match(
      put(without, SAME),
      /#remark of the web interface\n\niface vmbr0 inet6 static\n\taddress fd00::1\/64\n/,
    );
  });

  it('takes addresses off a card that becomes a port', () => {
    const text = put(FILE, { name: 'eno1' });
    assert.match(text, /^allow-hotplug eno1\nauto eno1\niface eno1 inet manual$/m);
  });

  it('gives a new one lines at the end, and takes them away to the byte', () => {
    const text = `${FILE}\n`;
    const made = put(text, { name: 'dm0', dummy: true, address: ['10.1.0.1/24', 'fd01::1/64'] });
    assert.ok(made.startsWith(`${text}\nauto dm0\niface dm0 inet static\n`));
    assert.equal(withoutInterface(made, 'dm0'), text);
  });

  it('loses an interface with its lines, its remark, and its name elsewhere', () => {
    const text = withoutInterface(withoutInterface(FILE, 'vmbr0'), 'eno1');
    assert.equal(
      text,
      '# head \u00e9\nsource interfaces.d/*\n\nauto lo\niface lo inet loopback\n\n# the end',
    );
  });

  it('has every example of the kind after one change, and none after a second', () => {
    for (const example of networkInterface.examples) {
      const once = put(FILE, example);
      assert.equal(put(once, example), once, JSON.stringify(example));
    }
  });
});

const REFUSED: readonly (readonly [object, RegExp])[] = [
  [{ name: 'lo' }, /lo is left alone/],
  [{ name: 'a23456789012345x' }, /at most 15/],
  [{ name: '-x' }, /name of an interface/],
  [{ name: 'a', address: '10.0.0.1' }, /with its prefix/],
  [{ name: 'a', address: '10.0.0.1/33' }, /with its prefix/],
  [{ name: 'a', address: ['fd00::1/64', 'fd00:0::1/64'] }, /every address once/],
  [{ name: 'a', address: '10.0.0.2/24', gateway: '10.0.1.1' }, /in the network of one of `address`/],
  [{ name: 'a', address: 'fd00::2/64', gateway6: 'fd01::1' }, /in the network of one of `address`/],
  [{ name: 'a', address: '10.0.0.2/24', dhcp: 'both' }, /no IPv4 address beside `dhcp`/],
  [{ name: 'a', address: 'fd00::2/64', dhcp: 'ipv6' }, /no IPv6 address beside `dhcp`/],
  [{ name: 'b', bridgePorts: ['b'] }, /not the bridge itself/],
  [{ name: 'b', bridgeStp: true }, /settings of a bridge/],
  [{ name: 'b', bridgePorts: [], bridgeVids: '2-9' }, /bridgeVlanAware: true/],
  [{ name: 'b', bridgePorts: [], bridgeVlanAware: true, bridgeVids: '0-9' }, /expected VLANs/],
  [{ name: 'b', bridgePorts: [], bridgeStp: true, bridgeForwardDelay: 0 }, /at least 2 seconds/],
  [{ name: 'b', bondSlaves: ['a'] }, /a bond needs a mode/],
  [{ name: 'b', bondSlaves: ['a', 'a'], bondMode: 'balance-rr' }, /every interface once/],
  [{ name: 'b', bondMode: 'balance-rr' }, /settings of a bond/],
  [{ name: 'b', bondSlaves: ['a'], bondMode: 'balance-rr', bondPrimary: 'c' }, /one of `bondSlaves`/],
  [{ name: 'v', vlanId: 7 }, /both `vlanDevice` and `vlanId`/],
  [{ name: 'v.7', dummy: true }, /one of a bridge, a bond, a VLAN and a dummy/],
  [{ name: 'a', nameservers: [] }, /at least one/],
  [{ name: 'a', options: { 'post-up': 'a\nauto b' } }, /one line/],
  [{ name: 'a', options: { 'post-up': 'a \\' } }, /one line/],
];

describe('what a NetworkInterface may be', () => {
  for (const [fields, pattern] of REFUSED)
    it(`refuses ${JSON.stringify(fields)}`, () => {
      assert.match(networkInterface.desired.safeParse(fields).error?.message ?? '', pattern);
    });

  it('refuses options that a field says, and words that begin something else', () => {
    for (const name of ['address', 'bridge_ports', 'iface', 'source', 'Up', '-up'])
      assert.equal(
        networkInterface.desired.safeParse({ name: 'a', options: { [name]: 'x' } }).success,
        false,
      );
  });

  it('takes a gateway that every link has', () => {
    assert.ok(networkInterface.desired.safeParse({ name: 'a', gateway6: 'fe80::1' }).success);
  });

  it('does not look at the fields of one that is to go', () => {
    assert.ok(
      networkInterface.desired.safeParse({ name: 'b', bondMode: '802.3ad', ensure: 'absent' }).success,
    );
  });
});

const DUMMY = [desired({ name: 'dm0', dummy: true })];
const links = (stdout: string) => ({ commands: { 'ip -j -d addr show': stdout } });

describe('what of the network cannot be read', () => {
  it('is an answer that is no JSON, or has another form', async () => {
    await assert.rejects(
      async () => networkInterface.read(new FakeHost(links('oops')), DUMMY),
      /expected JSON, found "oops"/,
    );
    await assert.rejects(
      async () => networkInterface.read(new FakeHost(links('[{"ifname":1}]')), DUMMY),
      /not the answer that is documented/,
    );
  });

  it('is a file that is taken in by a pattern for folders', async () => {
    const files = { '/etc/network/interfaces': 'source /etc/*/interfaces\n' };
    await assert.rejects(
      async () => networkInterface.read(new FakeHost({ ...links('[]'), files }), DUMMY),
      /cannot follow `source \/etc\/\*\/interfaces`/,
    );
  });
});

describe('NetworkInterface shows', () => {
  it('what the file has, as entries that mean the same', async () => {
    const shown = await networkInterface.list?.(new FakeHost({ files: { '/etc/network/interfaces': FILE } }));
    assert.deepEqual(shown, [
      { name: 'eno1', dhcp: 'ipv4', auto: false },
      { name: 'vmbr0', address: ['10.0.0.13/24', 'fd00::1/64'], gateway: '10.0.0.1', bridgePorts: ['eno1'] },
    ]);
  });

  it('every example as it is', async () => {
    for (const example of networkInterface.examples.filter((one) => !('ensure' in one))) {
      const [shown] =
        (await networkInterface.list?.(
          new FakeHost({ files: { '/etc/network/interfaces': put('', example) } }),
        )) ?? [];
      assert.deepEqual(
        desired(shown ?? {}),
        desired({
          ...example,
          ...(example.address === undefined ? {} : { address: [example.address].flat() }),
        }),
      );
    }
  });
});

const REPLY =
  '[{"ifname":"vmbr0","flags":["UP"],"mtu":1500,"linkinfo":{"info_kind":"bridge","info_data":{}},"addr_info":[]}';
const tap = (master: string): string =>
  `{"ifname":"tap1i0","flags":["UP"],"mtu":1500,${master}"addr_info":[]}]`;

/** The tap loses its master while the reload runs. */
class ReloadingHost extends FakeHost {
  readonly #after = new FakeHost(links(`${REPLY},${tap('')}`));
  #reloaded = false;
  override fact<T>(fact: Fact<T>): Promise<T> {
    return this.#reloaded ? this.#after.fact(fact) : super.fact(fact);
  }
  override run(command: Command): Promise<CommandResult> {
    this.#reloaded ||= command.program === 'ifreload';
    return super.run(command);
  }
}

describe('a reload', () => {
  const files = {
    '/etc/network/interfaces': 'auto lo\n',
    '/usr/share/ifupdown2/x': 'x',
    '/etc/iproute2/rt_tables.d/x': 'x',
    '/run/x': 'x',
  };

  it('that takes a guest off its bridge has it put back', async () => {
    const host = new ReloadingHost({ files, ...links(`${REPLY},${tap('"master":"vmbr0",')}`) });
    await networkInterface.converge({ op: 'reload' }, host);
    const calls = host.calls.filter(([what]) => what !== 'lookAnew');
    assert.deepEqual(calls, [
      ['run', 'ifreload', '-a'],
      ['run', 'ip', 'link', 'set', 'dev', 'tap1i0', 'master', 'vmbr0'],
      ['note', 'tap1i0 of a guest had been taken off vmbr0, and is back on it'],
    ]);
  });

  it('is paid once for one state of the file', async () => {
    const host = new FakeHost({ files, ...links('[]') });
    await networkInterface.converge({ op: 'reload' }, host);
    await networkInterface.converge({ op: 'reload' }, host);
    assert.equal(host.calls.filter(([what, program]) => what === 'run' && program === 'ifreload').length, 1);
  });

  it('serves all that change together', async () => {
    const host = new FakeHost({ files, ...links('[]') });
    const ops = ['dm0', 'dm1'].map((name) => ({
      op: 'put' as const,
      wanted: wantedOf(desired({ name, dummy: true }), true),
      how: 'reload' as const,
    }));
    await networkInterface.convergeTogether?.(ops, host);
    assert.equal(
      host.calls.filter(([what, path]) => what === 'writeFile' && path === '/etc/network/interfaces').length,
      1,
    );
    assert.equal(host.calls.filter(([what, program]) => what === 'run' && program === 'ifreload').length, 1);
  });
});
