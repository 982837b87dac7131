/** What one canned answer per command cannot say: retries, locks, several ops in one transaction. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import sinon from 'sinon';
import type { Command, CommandResult } from '../../../src/host/host.ts';
import aptPackage from '../../../src/resources/apt-package/index.ts';
import type { AptOp } from '../../../src/resources/apt-package/schema.ts';
import { parseSimulation } from '../../../src/facts/apt/simulation.ts';
import { FakeHost } from '../../support/fake-host.ts';

/** apt would install what the command line names. */
const simulated = (line: string): string =>
  line
    .split(' ')
    .slice(3)
    .filter((word) => !word.startsWith('-') && !word.endsWith('-'))
    .map((word) => `Inst ${word.replace(/=.*/, '')} (1 localhost [all])\n`)
    .join('');

/** Answers the next of the given results where a part of the command line matches; success otherwise. */
class ScriptedHost extends FakeHost {
  readonly lines: string[] = [];
  readonly #answers: [part: string, answer: Partial<CommandResult>][];

  constructor(answers: [string, Partial<CommandResult>][]) {
    super();
    this.#answers = answers;
  }

  override run(command: Command): Promise<CommandResult> {
    const line = [command.program, ...command.args].join(' ').replace(/ -o \S+/g, '');
    this.lines.push(line);
    const index = this.#answers.findIndex(([part]) => line.includes(part));
    const answer = index < 0 ? {} : this.#answers.splice(index, 1)[0]?.[1];
    const stdout = line.startsWith('apt-get -s') ? simulated(line) : '';
    return Promise.resolve({ code: 0, stdout, stderr: '', ...answer });
  }
}

const install = (name: string, more: object = {}): AptOp => ({
  op: 'install',
  name,
  how: 'new',
  held: false,
  recommends: false,
  ...more,
});
const together = (ops: AptOp[], host: ScriptedHost) => aptPackage.convergeTogether?.(ops, host);

const UNLOCATED = { code: 100, stderr: 'E: Unable to locate package hello\n' };
const LISTS_LOCKED = {
  code: 100,
  stderr: 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 812 (apt-get)\n',
};
const INTERRUPTED = {
  code: 100,
  stderr: "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n",
};

describe('AptPackage, converging', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers()));
  afterEach(() => {
    clock.restore();
  });

  it('does adjacent packages in one simulation and one transaction', async () => {
    const host = new ScriptedHost([]);
    await together(
      [
        install('a'),
        install('b', { version: '2', how: 'upgrade', held: true }),
        { op: 'remove', name: 'c' },
        { op: 'hold', name: 'a' },
        { op: 'unhold', name: 'd' },
      ],
      host,
    );
    assert.deepEqual(host.lines, [
      'apt-get -s install --no-install-recommends --allow-change-held-packages a b=2 c-',
      'apt-get -y -q install --no-install-recommends --allow-change-held-packages a b=2 c-',
      'apt-mark hold b a',
      'apt-mark unhold d',
    ]);
  });

  it('purges only what is to be purged, after what replaces it is there', async () => {
    const host = new ScriptedHost([]);
    await together([install('a'), { op: 'purge', name: 'b' }, { op: 'remove', name: 'c' }], host);
    assert.deepEqual(
      host.lines.filter((line) => !line.startsWith('apt-get -s')),
      ['apt-get -y -q install --no-install-recommends a c- b-', 'apt-get -y -q purge b'],
    );
  });

  it('keeps packages with recommendations in a transaction of their own', async () => {
    const host = new ScriptedHost([]);
    await together([install('a', { recommends: true }), install('b')], host);
    assert.deepEqual(
      host.lines.filter((line) => !line.startsWith('apt-get -s')),
      ['apt-get -y -q install --no-install-recommends b', 'apt-get -y -q install --install-recommends a'],
    );
  });

  it('updates the lists once when apt does not know the name', async () => {
    const host = new ScriptedHost([['-s install', UNLOCATED]]);
    await aptPackage.converge(install('hello'), host);
    assert.deepEqual(host.lines, [
      'apt-get -s install --no-install-recommends hello',
      'apt-get -q update',
      'apt-get -s install --no-install-recommends hello',
      'apt-get -y -q install --no-install-recommends hello',
    ]);
  });

  it('installs the others when apt cannot have one of them', async () => {
    const host = new ScriptedHost([
      ['-s install --no-install-recommends hello other', UNLOCATED],
      ['-s install --no-install-recommends hello other', UNLOCATED],
      ['-s install --no-install-recommends hello', UNLOCATED],
      ['-s install --no-install-recommends hello', UNLOCATED],
    ]);
    await assert.rejects(
      async () => together([install('hello'), install('other')], host),
      /Unable to locate package hello/,
    );
    assert.equal(host.lines.at(-1), 'apt-get -y -q install --no-install-recommends other');
  });

  it('does not try singly what failed half-way', async () => {
    const host = new ScriptedHost([['-y -q', { code: 100, stderr: 'E: Sub-process dpkg returned 1' }]]);
    await assert.rejects(async () => together([install('a'), install('b')], host), /Sub-process/);
    assert.equal(host.lines.length, 2);
  });

  it('says what to check when the name is still unknown, and changes nothing', async () => {
    const host = new ScriptedHost([
      ['-s install', UNLOCATED],
      ['-s install', UNLOCATED],
    ]);
    await assert.rejects(
      aptPackage.converge(install('hello'), host),
      /check the name, the version and the sources/,
    );
    assert.equal(host.lines.length, 3);
  });

  it('stops when the lists cannot be updated', async () => {
    const host = new ScriptedHost([
      ['-s install', UNLOCATED],
      ['update', { code: 100, stderr: 'E: The repository has no Release file.' }],
    ]);
    await assert.rejects(
      aptPackage.converge(install('hello'), host),
      /apt-get update failed with exit code 100/,
    );
  });

  it('completes an interrupted dpkg once, and tries again', async () => {
    const host = new ScriptedHost([['-y -q install', INTERRUPTED]]);
    await aptPackage.converge(install('hello'), host);
    assert.deepEqual(host.lines.slice(1), [
      'apt-get -y -q install --no-install-recommends hello',
      'dpkg --force-confdef --force-confold --configure -a',
      'apt-get -y -q install --no-install-recommends hello',
    ]);
  });

  it('tells of conffiles that were kept when dpkg was completed, although nobody knows whose they are', async () => {
    const stderr =
      "\nConfiguration file '/etc/a.conf'\n ==> Modified (by you or by a script) since installation.\n" +
      ' ==> Package distributor has shipped an updated version.\n ==> Keeping old config file as default.\n';
    const host = new ScriptedHost([
      ['-y -q install', INTERRUPTED],
      ['dpkg', { stderr }],
    ]);
    sinon.stub(host, 'fact').rejects(new Error('dpkg-query: exit code 2'));
    await aptPackage.converge(install('hello'), host);
    assert.deepEqual(host.calls, [
      ['note', 'kept the local /etc/a.conf (its package ships another, see /etc/a.conf.dpkg-dist)'],
    ]);
  });

  it('reports the package that dpkg cannot complete', async () => {
    const host = new ScriptedHost([
      ['-y -q install', INTERRUPTED],
      ['dpkg', { code: 1, stderr: 'Errors were encountered while processing:\n phoenix-test-broken\n' }],
    ]);
    await assert.rejects(aptPackage.converge(install('hello'), host), /phoenix-test-broken/);
  });

  it('waits for a lock that apt does not wait for, and leaves its holder alone', async () => {
    const host = new ScriptedHost([
      ['-s install', UNLOCATED],
      ['update', LISTS_LOCKED],
      ['update', LISTS_LOCKED],
    ]);
    const done = aptPackage.converge(install('hello'), host);
    await clock.tickAsync(10_000);
    await done;
    assert.equal(host.lines.filter((line) => line.includes('update')).length, 3);
    assert.ok(host.lines.every((line) => !line.includes('kill')));
  });

  it('gives up on a lock after five minutes, naming its holder', async () => {
    const always = Array.from({ length: 80 }, (): [string, Partial<CommandResult>] => [
      'hold',
      { code: 100, stderr: 'dpkg: error: dpkg frontend lock was locked by another process with pid 23762\n' },
    ]);
    const host = new ScriptedHost(always);
    const done = assert.rejects(
      aptPackage.converge({ op: 'hold', name: 'hello' }, host),
      /another package manager is at work[^]*pid 23762/,
    );
    await clock.tickAsync(301_000);
    await done;
    assert.equal(host.lines.length, 61);
  });
});

describe('AptPackage, otherwise', () => {
  it('reads a simulation of apt 2.6', () => {
    const stdout = `jq is already the newest version (1.6-2.1).
The following held packages will be changed:
  phoenix-test-hello
The following packages will be REMOVED:
  old*
Inst phoenix-test-hello [1.0] (1.1 localhost [all])
Inst libc6:i386 (2.36-9 Debian:12.15/oldstable [i386])
Remv gone [1]
Purg old
Conf phoenix-test-hello (1.1 localhost [all])
`;
    assert.deepEqual(parseSimulation(stdout), {
      installs: [
        { name: 'phoenix-test-hello', from: '1.0', to: '1.1' },
        { name: 'libc6:i386', to: '2.36-9' },
      ],
      removals: ['gone', 'old'],
      held: ['phoenix-test-hello'],
      newest: ['jq'],
    });
  });

  it('refuses names that apt-get would read as something else', () => {
    for (const name of ['openssh-server-', '-rf', '--purge', 'a=1', 'a/sid', 'a:i386', 'A', 'a b', 'x^', ''])
      assert.equal(aptPackage.desired.safeParse({ name }).success, false, name);
    for (const name of ['g++', 'libstdc++6', 'python3.11', '0ad', '7zip'])
      assert.equal(aptPackage.desired.safeParse({ name }).success, true, name);
  });

  it('refuses versions that are no versions, and a version of what is absent', () => {
    for (const version of ['', '-1', 'latest', '1 2', '1;2'])
      assert.equal(aptPackage.desired.safeParse({ name: 'aa', version }).success, false, version);
    assert.equal(aptPackage.desired.safeParse({ name: 'aa', version: '1', ensure: 'absent' }).success, false);
    assert.equal(aptPackage.desired.safeParse({ name: 'aa', hold: true, ensure: 'purged' }).success, false);
  });

  it('has nothing to do where everything is as declared', () => {
    fc.assert(
      fc.property(fc.constantFrom('1.0', '1:2-3'), fc.boolean(), fc.boolean(), (version, held, pinned) => {
        const want = aptPackage.desired.parse({ name: 'aa', ...(pinned ? { version, hold: held } : {}) });
        const value = { version, held, state: 'installed' as const, edited: [] };
        assert.deepEqual(aptPackage.diff(want, { is: 'present', value }), []);
      }),
    );
  });

  it('lists what somebody asked for and is installed, but not phoenix', async () => {
    const host = new FakeHost({
      commands: {
        'apt-mark showmanual': 'chrony\ngone\njq\nphoenix\n',
        'dpkg-query --show --showformat=${Package}\\t${Architecture}\\t${db:Status-Abbrev}\\t${Version}\\t${Conffiles}\\n':
          'chrony\tamd64\thi \t4.3\t\ngone\tamd64\trc \t1\t\njq\tamd64\tii \t1\t\nlibjq1\tamd64\tii \t1\t\nphoenix\tamd64\tii \t1\t\n',
      },
    });
    assert.deepEqual(await aptPackage.list?.(host), [{ name: 'chrony', hold: true }, { name: 'jq' }]);
  });
});
