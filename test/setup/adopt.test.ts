import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { adoptedText } from '../../src/report/adopted-text.ts';
import { adopt } from '../../src/setup/adopt/adopt.ts';
import { group } from '../../src/setup/adopt/group.ts';
import { mayTellSecret } from '../../src/setup/adopt/may-tell-secret.ts';
import { manifestSchema } from '../../src/setup/manifest-schema.ts';
import { FakeHost, type FakeState } from '../support/fake-host.ts';

const CONTEXT = { program: '/opt/phoenix/bin/phoenix' };
const UNITS = '/etc/systemd/system';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl2eAH0t8PXkdxTW9rFEZXCRXcvTTi1lC6uzAk5vcNU a';

const FILES: NonNullable<FakeState['files']> = {
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\nbob:x:1001:1001::/home/bob:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsudo:x:27:alice\nalice:x:1000:\nbob:x:1001:\nmedia:x:1002:bob\n',
  '/etc/shadow': 'root:*:20000::::::\nalice:$6$s$secrethash:20000::::::\nbob:!:20000::::::\n',
  '/root': { type: 'directory', mode: '0700' },
  '/home/alice': { type: 'directory', mode: '0755', uid: 1000, gid: 1000 },
  '/home/bob': { type: 'directory', mode: '0755', uid: 1001, gid: 1001 },
  '/home/alice/.ssh': { type: 'directory', mode: '0700', uid: 1000, gid: 1000 },
  '/home/alice/.ssh/authorized_keys': { content: `${KEY}\n`, mode: '0600', uid: 1000, gid: 1000 },
  '/etc/sysctl.d/99-hand.conf': 'vm.swappiness=33\n',
  '/proc/sys/vm/swappiness': '33\n',
  '/etc/sysctl.d/95-phoenix-kernel.panic.conf':
    '# managed by phoenix: Sysctl[kernel.panic]\nkernel.panic = 60\n',
  '/proc/sys/kernel/panic': '60\n',
  [`${UNITS}/hidden.service`]: { content: '[Service]\nExecStart=/bin/true\n', mode: '0600' },
  [`${UNITS}/told.service`]: { content: '[Service]\nEnvironment=DB_PASSWORD=hunter2\n', mode: '0644' },
};

const found = () => adopt(new FakeHost({ files: FILES }), CONTEXT);

describe('phoenix adopt', () => {
  it('puts people and their keys, and what is in sync, where an operator would', async () => {
    const { manifest } = await found();
    assert.deepEqual(Object.keys(manifest), [
      'version',
      'initial',
      'serviceUsers',
      'adminUsers',
      'resources',
    ]);
    assert.deepEqual(manifest['initial'], { sysctl: { 'kernel.panic': '60' } });
    assert.deepEqual(
      (manifest['adminUsers'] as { name: string; sshKeys?: string[] }[]).map(({ name, sshKeys }) => ({
        name,
        sshKeys,
      })),
      [
        { name: 'root', sshKeys: undefined },
        { name: 'alice', sshKeys: [KEY] },
      ],
    );
    assert.deepEqual(manifest['serviceUsers'], [
      { name: 'bob', uid: 1001, groups: ['media'], home: '/home/bob', shell: '/bin/sh' },
    ]);
    assert.deepEqual(manifest['resources'], [{ UnixGroup: { name: 'media', gid: 1002 } }]);
  });

  it('leaves out what phoenix would change, with its entry, and what may tell a secret, without', async () => {
    const { leftOut } = await found();
    const sysctl = leftOut.find(({ ref }) => ref === 'Sysctl[vm.swappiness]');
    assert.deepEqual(sysctl?.entry, { key: 'vm.swappiness', value: '33' });
    assert.match(sysctl.why, /99-hand\.conf|95-phoenix|at boot/);
    const unit = leftOut.find(({ ref }) => ref === 'SystemdUnit[told.service]');
    assert.equal(unit?.entry, undefined);
    assert.match(unit?.why ?? '', /looks like a secret/);
  });

  it('shows no hash of a password, no secret, and nothing that only root may read', async () => {
    const text = adoptedText(await found());
    for (const secret of ['secrethash', 'hunter2', 'hidden.service']) assert.ok(!text.includes(secret), text);
  });

  it('prints a manifest that is read as it was meant, and says what it could not look for', async () => {
    const adopted = await found();
    const text = adoptedText(adopted);
    const parsed = parseManifest(Buffer.from(text), 'phoenix.yaml', manifestSchema);
    assert.ok(parsed.ok, JSON.stringify(parsed.ok ? '' : parsed.problems));
    assert.deepEqual(parsed.value, manifestSchema.parse(adopted.manifest));
    assert.match(text, /^# Not looked for, because it cannot be listed: .*Symlink/m);
    assert.match(text, /^# administrators of the host\nadminUsers:$/m);
  });

  it('finds nothing on a bare host, without dpkg and systemd', async () => {
    const { manifest, count, leftOut } = await adopt(new FakeHost(), CONTEXT);
    assert.deepEqual({ manifest, count, leftOut }, { manifest: { version: 1 }, count: 0, leftOut: [] });
  });

  it('goes on when one kind cannot be read, and says so', async () => {
    const broken = { ...FILES, '/etc/hosts': { unreadable: 'input/output error' } };
    const { manifest, unreadable } = await adopt(new FakeHost({ files: broken }), CONTEXT);
    assert.deepEqual(
      unreadable.map(({ kind }) => kind),
      ['Hostname', 'HostsFile'],
    );
    assert.match(unreadable[0]?.why ?? '', /input\/output error/);
    assert.ok(manifest['adminUsers']);
  });

  it('prints any text so that it is read again as that text', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        '0750',
        '1:20',
        'yes',
        'null',
        '~',
        '.inf',
        '1.10',
        '# x',
        '- a',
        '<<',
        '0x1f',
        '*a',
        '',
      ),
    );
    fc.assert(
      fc.property(text, (content) => {
        fc.pre(
          !/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u0085]/.test(
            content,
          ),
        );
        const manifest = { version: 1, resources: [{ File: { path: '/srv/a', content } }] };
        const printed = adoptedText({
          manifest,
          about: { resources: 'any' },
          leftOut: [{ kind: 'File', ref: 'File[/x]', entry: { path: '/x', content }, why: content }],
          unreadable: [],
          unlisted: [],
        });
        const parsed = parseManifest(Buffer.from(printed), 'phoenix.yaml', manifestSchema);
        assert.ok(parsed.ok, printed);
        assert.deepEqual((parsed.value as unknown as typeof manifest).resources[0]?.File.content, content);
      }),
    );
  });

  it('declares one by one what belongs to a section that does not hold as a whole', () => {
    const export_ = { path: '/srv/a', clients: [{ host: '*' }] };
    const candidate = { kind: 'NfsExport', ref: 'NfsExport[/srv/a]', entry: export_ } as const;
    assert.deepEqual(group([candidate], new Set()), {
      manifest: { version: 1, nfs: { exports: [export_] } },
      placed: [{ candidate, at: ['nfs', 'exports', 0] }],
    });
    assert.deepEqual(group([candidate], new Set(['nfs'])), {
      manifest: { version: 1, resources: [{ NfsExport: export_ }] },
      placed: [{ candidate, at: ['resources', 0] }],
    });
  });
});

describe('what may tell a secret', () => {
  for (const text of [
    'Environment=DB_PASSWORD=hunter2',
    'ExecStart=/usr/bin/backup --password hunter2',
    'token: abc',
    'wpa-psk "hunter2"',
    'api_key = abc',
    'https://me:hunter2@example.net/debian',
    'x $y$j9T$abcdef$ghi',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
  ])
    it(`holds back: ${text}`, () => {
      assert.ok(mayTellSecret({ content: `first\n${text}\nlast` }));
    });
  for (const text of [
    'ExecStart=/bin/sleep 9000',
    'https://deb.debian.org/debian',
    'AuthorizedKeysFile .ssh/authorized_keys',
    KEY,
  ])
    it(`shows: ${text}`, () => {
      assert.ok(!mayTellSecret({ content: text, list: [text] }));
    });
  it('looks at the name of a field, too', () => {
    assert.ok(mayTellSecret({ options: { 'wpa-psk': 'hunter2' } }));
  });
});
