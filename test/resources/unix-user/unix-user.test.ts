import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isAction } from '../../../src/engine/action.ts';
import { absent, present, type Known } from '../../../src/engine/reading.ts';
import type { Actual } from '../../../src/resources/unix-user/facts.ts';
import unixUser from '../../../src/resources/unix-user/index.ts';
import type { UserOp } from '../../../src/resources/unix-user/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';

const want = (fields: object) => unixUser.desired.parse({ name: 'alice', ...fields });
const accepts = (fields: object) => unixUser.desired.safeParse({ name: 'alice', ...fields }).success;

const HASH =
  '$6$39DwgAjbSbkSbUpg$NOPH53lI51ZUOCluVVwUxAeK77rW5DtMnPAja4ozVD3Ozg0NY0iCwMloeqpNjc0AxMz39TD6ZbLXZPkEGCZ..0';

const FRESH: Actual = {
  uid: 1000,
  primaryGroup: 'alice',
  groups: [],
  home: '/home/alice',
  homeDirectory: null,
  shell: '/bin/sh',
  shellUsable: true,
  comment: '',
  expires: 'never',
  password: 'undeclared',
  declaresNoPassword: false,
  locked: true,
  hasPassword: false,
  lastInSudo: false,
};

const madeBy = (op: Extract<UserOp, { op: 'create' }>, hashDeclared: boolean): Actual => ({
  ...FRESH,
  uid: op.uid ?? FRESH.uid,
  primaryGroup: op.primaryGroup ?? op.name,
  groups: op.groups.filter((name) => name !== (op.primaryGroup ?? op.name)),
  home: op.home ?? FRESH.home,
  homeDirectory: op.createHome
    ? { type: 'directory', mode: (op.homeMode ?? '0700').padStart(4, '0'), uid: op.uid ?? FRESH.uid }
    : null,
  shell: op.shell ?? FRESH.shell,
  comment: op.comment ?? '',
  expires: op.expires ?? 'never',
  password: hashDeclared ? 'differs' : 'undeclared',
});

/** What the tools do, on the level of a reading. */
const after = (user: Actual, op: UserOp, hashDeclared: boolean): Actual => {
  switch (op.op) {
    case 'create':
      return madeBy(op, hashDeclared);
    case 'modify': {
      const { op: _, name: __, ...fields } = op;
      const next = { ...user, ...fields } as Actual;
      return { ...next, groups: next.groups.filter((name) => name !== next.primaryGroup) };
    }
    case 'join':
      return { ...user, groups: [...user.groups, ...op.groups] };
    case 'leave':
      return { ...user, groups: user.groups.filter((name) => !op.groups.includes(name)) };
    case 'set-password':
      return { ...user, password: 'same', locked: op.locked, hasPassword: true };
    case 'lock':
    case 'unlock':
      return { ...user, locked: op.op === 'lock' };
    case 'make-home':
      return { ...user, homeDirectory: { type: 'directory', mode: op.mode.padStart(4, '0'), uid: user.uid } };
    case 'home-mode':
      return { ...user, homeDirectory: { type: 'directory', uid: user.uid, mode: op.mode } };
    case 'remove':
      throw new Error('not in these plans');
  }
};

const groupName = fc.constantFrom('alice', 'sudo', 'audio', 'video', 'users');
const desiredUser = fc.record(
  {
    uid: fc.integer({ min: 1000, max: 1001 }),
    primaryGroup: groupName,
    groups: fc.uniqueArray(groupName),
    groupsMode: fc.constantFrom('added', 'exact'),
    shell: fc.constantFrom('/bin/sh', '/bin/bash'),
    home: fc.constantFrom('/home/alice', '/srv/alice'),
    createHome: fc.boolean(),
    homeMode: fc.constantFrom('0700', '750', '2750'),
    system: fc.boolean(),
    comment: fc.constantFrom('', 'Alice'),
    passwordHash: fc.constant({ file: '/s/alice' }),
    locked: fc.boolean(),
    expires: fc.constantFrom('never', '2031-01-02'),
  },
  { requiredKeys: [] },
);
const liveUser = fc.record({
  primaryGroup: groupName,
  groups: fc.uniqueArray(groupName),
  shell: fc.constantFrom('/bin/sh', '/bin/zsh'),
  home: fc.constantFrom('/home/alice', '/home/other'),
  hasHome: fc.boolean(),
  comment: fc.constantFrom('', 'Bob'),
  expires: fc.constantFrom('never', '2030-01-01'),
  password: fc.constantFrom('same' as const, 'differs' as const),
  locked: fc.boolean(),
  hasPassword: fc.boolean(),
  exists: fc.boolean(),
});

describe('UnixUser', () => {
  it('has nothing left to do after its own plan', () => {
    fc.assert(
      fc.property(desiredUser, liveUser, (fields, { exists, hasHome, ...live }) => {
        const user = want(fields);
        const declaresHash = user.passwordHash !== undefined;
        const start: Actual = {
          ...FRESH,
          ...live,
          groups: live.groups.filter((name) => name !== live.primaryGroup),
          homeDirectory: hasHome ? { type: 'directory', mode: '0755', uid: 1000 } : null,
          password: declaresHash ? live.password : 'undeclared',
        };
        const reading: Known<Actual> = exists ? present(start) : absent;
        const findings = unixUser.diff(user, reading);
        const reached = findings.reduce(
          (state, finding) => (isAction(finding) ? after(state, finding.does, declaresHash) : state),
          start,
        );
        const left = unixUser.diff(user, present(reached));
        assert.deepEqual(left.filter(isAction), []);
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts only what passwd(5) can hold and no option', () => {
    for (const name of ['-rf', 'a b', 'Alice', 'a:b', 'a\n', '', 'x'.repeat(33)])
      assert.equal(accepts({ name }), false, name);
    for (const fields of [
      { groups: ['-G'] },
      { shell: 'bash' },
      { home: '/a:b' },
      { comment: 'a:b' },
      { comment: 'a\nroot::0:0::/:/bin/sh' },
      { expires: '2031-02-30' },
      { expires: '1970-01-01' },
      { homeMode: '999' },
      { passwordHash: HASH },
      { removeHome: true },
    ])
      assert.equal(accepts(fields), false, JSON.stringify(fields));
  });

  it('never takes root away', () => {
    for (const fields of [{ ensure: 'absent' }, { locked: true }, { expires: '2031-01-02' }])
      assert.equal(accepts({ name: 'root', ...fields }), false, JSON.stringify(fields));
    assert.ok(accepts({ name: 'root', expires: 'never', locked: false }));
  });

  it('comes after its groups, its shell and what its home is in', () => {
    assert.deepEqual(unixUser.requires!(want({ groups: ['media'], shell: '/usr/bin/zsh' })), [
      'UnixGroup[alice]',
      'UnixGroup[media]',
      'AptPackage[zsh]',
      'Directory[/home]',
      'Symlink[/home]',
    ]);
    assert.deepEqual(unixUser.requires!(want({ primaryGroup: 'users', home: '/alice' })), [
      'UnixGroup[users]',
    ]);
    assert.deepEqual(unixUser.requires!(want({ ensure: 'absent' })), []);
  });

  it('shows no hash in a reading or a plan', async () => {
    const host = new FakeHost({
      secrets: { '/s/alice': HASH },
      files: {
        '/etc/passwd': 'alice:x:1000:1000::/home/alice:/bin/sh\n',
        '/etc/shadow': `alice:${HASH.replace('$6$3', '$6$4')}:20228:0:99999:7:::\n`,
      },
    });
    const user = want({ passwordHash: { file: '/s/alice' } });
    const reading = (await unixUser.read(host, [user])).get('alice');
    assert.ok(reading?.is === 'present');
    const shown = JSON.stringify([reading, unixUser.diff(user, reading)]);
    assert.ok(shown.includes('set-password'));
    assert.ok(!shown.includes('39DwgAjbSbkSbUpg') && !shown.includes('NOPH53'));
  });

  it('takes every strong format of crypt(5), and nothing older', async () => {
    const b64 = 'X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7';
    const reasonFor = async (hash: string) => {
      const host = new FakeHost({ secrets: { '/s': hash } });
      const reading = (await unixUser.read(host, [want({ passwordHash: { file: '/s' } })])).get('alice');
      return reading?.is;
    };
    const strong = [
      '!',
      '*',
      HASH,
      `$5$rounds=5000$saltsalt$${b64}`,
      `$y$j9T$F5Jx5fExrKuPp53xLKQ..1$${b64}`,
      `$gy$j9T$F5Jx5fExrKuPp53xLKQ..1$${b64}`,
      `$7$CU..../....abcdefghijkl$${b64}`,
      '$2b$12$Xl/.Wjf7Pcp2TQXtrNse2eAuP0C/HWcpVGfzKlIY3bv3gaJS4eodS',
    ];
    for (const hash of strong) assert.equal(await reasonFor(hash), 'absent', hash);
    const weak = ['', 'hunter2hunter', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/', `${HASH}\n`, `${HASH}:0`, '!!'];
    for (const hash of weak) assert.equal(await reasonFor(hash), 'unknown', hash);
  });

  it('says that a shadow line is bad without showing it', async () => {
    const host = new FakeHost({ files: { '/etc/shadow': `alice:${HASH}\n` } });
    await assert.rejects(
      async () => await unixUser.read(host, [want({})]),
      (error: Error) => error.message.startsWith('/etc/shadow') && !error.message.includes('$6$'),
    );
  });

  it('lists people and root', async () => {
    const host = new FakeHost({
      files: {
        '/etc/passwd':
          'alice:x:1000:1000:,,,:/home/alice:/bin/bash\nroot:x:0:0:root:/root:/bin/bash\n' +
          'bob:x:1001:7:,,,:/home/bob:/bin/sh\ndaemon:x:1:1::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
        '/etc/group': 'alice:x:1000:\nsudo:x:27:alice\naudio:x:29:alice\nroot:x:0:\nlp:x:7:\n',
      },
    });
    assert.deepEqual(await unixUser.list!(host), [
      { name: 'root', uid: 0, home: '/root', shell: '/bin/bash' },
      { name: 'alice', uid: 1000, groups: ['audio', 'sudo'], home: '/home/alice', shell: '/bin/bash' },
      { name: 'bob', uid: 1001, primaryGroup: 'lp', home: '/home/bob', shell: '/bin/sh' },
    ]);
  });
});
