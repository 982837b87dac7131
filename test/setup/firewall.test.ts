import { strict as assert } from 'node:assert';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { compile } from '../../src/setup/compile.ts';
import { manifestSchema } from '../../src/setup/manifest-schema.ts';

const resourcesOf = (yaml: string) => {
  const parsed = parseManifest(Buffer.from(`version: 1\n${yaml}`), 'phoenix.yaml', manifestSchema);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const { catalog, problems } = compile(
    parsed.value,
    { program: '/p' },
    { text: () => '', shipped: () => '' },
  );
  assert.deepEqual(problems, []);
  return catalog.resources.filter(({ step }) => step === 'firewall');
};

/** What is opened, as words. */
const openedBy = (yaml: string): string[] => {
  const firewall = resourcesOf(yaml).find(({ kind }) => kind === 'Firewall');
  const { rules } = firewall!.desired as { rules: Record<string, string | undefined>[] };
  return rules.map(({ proto, port, icmpTypes, source, iface, comment }) =>
    [proto, port ?? icmpTypes, source, iface, comment].filter((one) => one !== undefined).join(' '),
  );
};

describe('the section firewall', () => {
  it('opens services by name, after the rules', () => {
    assert.deepEqual(
      openedBy(
        'firewall: { services: [ssh, { name: dns, source: 10.0.0.0/8, iface: vmbr0 }, ping], rules: [{ action: DROP, proto: gre }] }',
      ),
      [
        'gre',
        'tcp 22 service ssh',
        'tcp 53 10.0.0.0/8 vmbr0 service dns',
        'udp 53 10.0.0.0/8 vmbr0 service dns',
        'icmp echo-request service ping',
        'icmpv6 echo-request service ping',
      ],
    );
  });

  it('takes other ports where they are named', () => {
    assert.deepEqual(openedBy('firewall: { services: [{ name: ssh, ports: [2222, 22] }] }'), [
      'tcp 2222,22 service ssh',
    ]);
  });

  it('knows which ports the sections nfs and samba give their services', () => {
    assert.deepEqual(openedBy('firewall: { services: [nfs, samba] }'), [
      'tcp 2049 service nfs',
      'tcp 445 service samba',
    ]);
    assert.deepEqual(
      openedBy(
        [
          'firewall: { services: [nfs, samba] }',
          "nfs: { server: { versions: ['3', '4.2'], ports: { mountd: 20048, lockd: 32768 } } }",
          'samba: { server: { netbios: true } }',
        ].join('\n'),
      ),
      [
        'tcp 2049 service nfs',
        'tcp 111,20048,32768 service nfs',
        'udp 111,20048,32768 service nfs',
        'tcp 445 service samba',
        'tcp 139 service samba',
        'udp 137,138 service samba',
      ],
    );
  });

  it('brings the package along where nftables may filter', () => {
    const kinds = (yaml: string): string[] => resourcesOf(yaml).map(({ ref }) => ref);
    assert.deepEqual(kinds('firewall: {}'), ['AptPackage[nftables]', 'Firewall[host]']);
    assert.deepEqual(kinds('firewall: { backend: proxmox }'), ['Firewall[host]']);
    assert.deepEqual(kinds('firewall: { enabled: false }'), ['Firewall[host]']);
    assert.deepEqual(kinds('initial: {}'), []);
  });
});
