import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { normalClient } from '../../../src/facts/nfs-client.ts';
import { escapeOctal, unescapeOctal } from '../../../src/facts/octal.ts';
import { editExports, parseExports, renderLine } from '../../../src/resources/nfs-export/exports-file.ts';
import nfsExport from '../../../src/resources/nfs-export/index.ts';
import { normalOptions, renderOptions, shortOptions } from '../../../src/resources/nfs-export/options.ts';
import { FakeHost } from '../../support/fake-host.ts';

const path = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`)
  .filter((text) => nfsExport.desired.safeParse({ path: text, clients: [{ host: '*' }] }).success);
const option = fc.constantFrom(
  ...['rw', 'ro', 'async', 'sync', 'no_root_squash', 'all_squash', 'insecure', 'crossmnt', 'nohide'],
  ...[
    'subtree_check',
    'no_acl',
    'pnfs',
    'security_label',
    'fsid=0',
    'fsid=root',
    'anonuid=7',
    'sec=krb5:sys',
  ],
  ...['refer=/x@10.0.0.1', 'no_wdelay', 'insecure_locks', 'no_auth_nlm', 'xprtsec=tls'],
);
const options = fc.array(option, { maxLength: 5 });
const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6().filter((text) => !text.includes('.')),
  fc.constantFrom('10.0.0.0/8', 'fd00::/64', '*', '*.example.net', '@trusted', 'nas.example.net'),
);

const rejected = (desired: object): string => {
  const { error } = nfsExport.desired.safeParse({ path: '/srv/a', clients: [{ host: '*' }], ...desired });
  return error?.issues[0]?.message ?? '';
};

/** Two of three lines are such that the server does not take them. */
class PickyHost extends FakeHost {
  override async run(command: Parameters<FakeHost['run']>[0]): ReturnType<FakeHost['run']> {
    const result = await super.run(command);
    const candidate = this.readFile('/run/phoenix-exports/phoenix.exports')?.toString() ?? '';
    return command.program === 'systemd-run' && candidate.includes('/srv/bad')
      ? { ...result, stderr: 'exportfs: Failed to stat /srv/bad' }
      : result;
  }
}

describe('NfsExport, otherwise', () => {
  it('writes any path so that it is read back as one word', () => {
    fc.assert(
      fc.property(path, options, host, (name, some, client) => {
        assert.equal(unescapeOctal(escapeOctal(name)), name);
        const line = renderLine(name, [{ host: client, options: renderOptions(normalOptions(some)) }]);
        const [entry, ...more] = parseExports(`# first\n${line}\n`);
        assert.deepEqual(more, []);
        assert.equal(entry?.path, name);
        assert.equal(entry.line, 2);
        assert.deepEqual(normalOptions(entry.clients[0]?.options ?? []), normalOptions(some));
      }),
    );
  });

  it('has one normal form, which writing and shortening keep', () => {
    fc.assert(
      fc.property(options, (some) => {
        const normal = normalOptions(some);
        assert.deepEqual(normalOptions(renderOptions(normal).split(',')), normal);
        assert.deepEqual(normalOptions(shortOptions(normal)), normal);
        // As etab repeats some after `sec=`.
        assert.deepEqual(
          normalOptions([...renderOptions(normal).split(','), normal['access'] ?? '']),
          normal,
        );
      }),
    );
  });

  it('knows a client by each of its spellings', () => {
    for (const [a, b] of [
      ['10.0.0.0/24', '10.0.0.0/255.255.255.0'],
      ['fd00::/64', 'FD00:0:0:0::/64'],
      ['::1', '0:0:0:0:0:0:0:1'],
      ['NAS.Example.net', 'nas.example.net'],
    ] as const)
      assert.equal(normalClient(a), normalClient(b));
    assert.notEqual(normalClient('@Trusted'), normalClient('@trusted'));
    assert.notEqual(normalClient('10.0.0.0/24'), normalClient('10.0.0.0/25'));
    fc.assert(fc.property(host, (one) => normalClient(normalClient(one)) === normalClient(one)));
  });

  it('edits its own lines and leaves every other byte', () => {
    const rest = '# a comment\n"/srv/x y" \\\n  *(ro)\n\n/srv/z 10.0.0.1(rw) # why\n';
    fc.assert(
      fc.property(path, (name) => {
        fc.pre(!['/srv/x y', '/srv/z'].includes(name));
        const line = renderLine(name, [{ host: '*', options: 'ro' }]);
        const added = editExports(rest, new Map([[name, line]]));
        assert.equal(added, `${rest}${line}\n`);
        assert.equal(editExports(added, new Map([[name, line]])), added);
        assert.equal(editExports(added, new Map([[name, undefined]])), rest);
      }),
    );
    assert.equal(editExports('/srv/a *(ro)\n/srv/a *(rw)\n', new Map([['/srv/a', 'new']])), 'new\n');
  });

  it('refuses what exports(5) would take for something else, with a reason', () => {
    assert.match(rejected({ clients: [] }), /expected at least one client/);
    assert.match(rejected({ clients: [{ host: '*' }, { host: '*' }] }), /every client once/);
    assert.match(
      rejected({ clients: [{ host: '10.0.0.0/24' }, { host: '10.0.0.0/255.255.255.0' }] }),
      /every client once/,
    );
    for (const bad of [
      '',
      '-x',
      '10.0.0.1 (rw)',
      '10.0.0',
      '10.0.0.0/33',
      '10.0.0.0/255.0.255.0',
      'a/b/c',
      '@',
      '@-x',
      'a(rw)',
      'a\nb',
      'fd00::/129',
      'x/24',
    ])
      assert.match(rejected({ clients: [{ host: bad }] }), /expected an address/, bad);
    for (const bad of [
      '',
      '-rw',
      'rw,async',
      'bogus',
      'fsid=a b',
      'anonuid=-1',
      'sec=des',
      'refer=x',
      'rw=1',
      'acl)',
      'fsid',
    ])
      assert.match(rejected({ clients: [{ host: '*', options: [bad] }] }), /expected an option/, bad);
    for (const bad of ['mp', 'mountpoint', 'mountpoint=/x'])
      assert.match(rejected({ clients: [{ host: '*', options: [bad] }] }), /expected `mountpoint: true`/);
    assert.match(
      rejected({ clients: [{ host: '*', options: ['rw', 'ro'] }] }),
      /expected one of rw and ro, not both/,
    );
    assert.equal(rejected({ clients: [{ host: '*', options: ['rw', 'rw'] }] }), '');
    for (const bad of ['-tank', 'tank/', '/tank', 'tank@snap', 'tank/-x'])
      assert.match(rejected({ dataset: bad }), /expected the name of a dataset/, bad);
    assert.match(rejected({ path: '/proc/x' }), /interface of the kernel/);
  });

  it('exports the good ones when others are bad, and says what is wrong with those', async () => {
    const paths = ['/srv/bad1', '/srv/good', '/srv/bad2', '/srv/none'];
    const host = new PickyHost({
      files: {
        '/run/x': '',
        '/etc/exports.d/x': '',
        '/var/lib/nfs/etab': '/srv/good\t*(ro)\n',
        ...Object.fromEntries(paths.slice(0, 3).map((one) => [one, { type: 'directory' as const }])),
      },
    });
    const ops = paths.map((one) => ({
      op: 'export' as const,
      path: one,
      clients: [{ host: '*', options: 'ro' }],
      drop: [],
      mountpoint: false,
    }));
    await assert.rejects(nfsExport.convergeTogether!(ops, host), (error: Error) => {
      assert.match(error.message, /^\/srv\/none: there is no directory/);
      assert.match(error.message, /^\/srv\/bad1: exportfs refuses the line/m);
      assert.match(error.message, /^\/srv\/bad2: exportfs refuses the line/m);
      assert.doesNotMatch(error.message, /^\/srv\/good/m);
      return true;
    });
    const text = host.readFile('/etc/exports.d/phoenix.exports')?.toString() ?? '';
    assert.match(text, /^\/srv\/good \*\(ro\)$/m);
    assert.doesNotMatch(text, /bad|none/);
    assert.equal(host.lstat('/run/phoenix-exports'), undefined);
  });

  it('clears away what a run that was cut off has left', async () => {
    const host = new FakeHost({
      files: {
        '/etc/exports.d/x': '',
        '/run/x': '',
        '/run/phoenix-exports/phoenix.exports': 'old',
        '/srv/a': { type: 'directory' },
        '/var/lib/nfs/etab': '/srv/a\tnas(ro)\n',
      },
    });
    const clients = [{ host: 'nas', options: 'ro' }];
    await nfsExport.converge({ op: 'export', path: '/srv/a', clients, drop: [], mountpoint: false }, host);
    assert.deepEqual(host.calls[0], ['removeDirectory', '/run/phoenix-exports', { recursive: true }]);
  });

  it('does not know how a name stands whose resolver fails, and lists what is exported', async () => {
    const files = {
      '/srv/a': { type: 'directory' as const },
      '/var/lib/nfs/etab': '/srv/x\t*(rw,sync,mountpoint)\n/srv/y\tgss/krb5(ro)\n',
    };
    const host = new FakeHost({ files, commands: { 'getent hosts nas': { code: 3, stderr: 'broken' } } });
    const wants = [
      { path: '/srv/a', clients: [{ host: 'nas' }] },
      { path: '/srv/b', clients: [{ host: '10.0.0.1' }] },
    ].map((one) => nfsExport.desired.parse(one));
    const readings = await nfsExport.read(host, wants);
    assert.equal(readings.get('/srv/a')?.is, 'unknown');
    assert.equal(readings.get('/srv/b')?.is, 'present');
    assert.deepEqual(await nfsExport.list!(host), [
      { path: '/srv/x', clients: [{ host: '*', options: ['rw'] }], mountpoint: true },
    ]);
  });

  it('does not know what zfs says when it fails otherwise than without its module', async () => {
    const command = 'zfs list -H -p -t filesystem -o name,mountpoint,mounted,canmount';
    const want = nfsExport.desired.parse({ path: '/srv/a', clients: [{ host: '*' }] });
    for (const answer of [{ code: 1, stderr: 'internal error' }, 'one\tfield\n'])
      await assert.rejects(
        async () => nfsExport.read(new FakeHost({ commands: { [command]: answer } }), [want]),
        /zfs list/,
      );
  });
});
