/** The question at a real prompt: phoenix on a pseudo-terminal, and the keys that an operator types. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { World } from '../support/world.ts';

const HOST = `version: 1
resources:
  - File: { path: /srv/safe, content: "x\\n" }
  - SudoRule: { name: phxtest, rules: [{ group: sudo }] }
  - Directory: { path: /srv/old, ensure: absent, removeContent: true }
`;
const QUESTION = '2 of these are more than safe. Go on? [y/N] ';
const NAME_IT = 'Directory[/srv/old] would be changed destructively. Type its name to allow it: ';
const CTRL_C = '\x03';
const CTRL_D = '\x04';

/** What is typed at a question, or done instead. */
type Reply = readonly [question: string, keys: string | (() => void)];

describe('phoenix setup at a prompt', function () {
  this.timeout(60_000);
  let world: World;

  beforeEach(async () => {
    world = await World.enter();
    world.manifest(HOST);
    fs.outputFileSync(world.path('/srv/old/content'), '');
  });
  afterEach(() => {
    world.leave();
  });

  /** Types each answer when its question stands there; gives what the terminal showed. */
  const answer = async (...dialogue: Reply[]) => {
    const running = world.onTerminal('setup', '--no-color');
    let shown = '';
    running.stdout.on('data', (part: Buffer) => {
      shown += part.toString();
      const [next] = dialogue;
      if (next === undefined || !shown.includes(next[0])) return;
      dialogue.shift();
      if (typeof next[1] === 'function') next[1]();
      else running.stdin?.write(next[1]);
    });
    const { exitCode } = await running;
    assert.deepEqual(dialogue, [], `these questions were not asked:\n${shown}`);
    return { code: exitCode, shown: shown.replaceAll('\r', '') };
  };
  const exists = (path: string): boolean => fs.existsSync(world.path(path));
  const nothingRan = (): void => {
    assert.deepEqual(['/srv/safe', '/etc/sudoers.d/phxtest', '/srv/old/content'].map(exists), [
      false,
      false,
      true,
    ]);
  };

  it('shows the plan first, and does nothing when the answer is no, or none at all', async () => {
    for (const keys of ['n\r', '\r', 'yess\r']) {
      const { code, shown } = await answer([QUESTION, keys]);
      assert.equal(code, 3, shown);
      assert.ok(shown.indexOf('Plan: 3 actions') < shown.indexOf(QUESTION), shown);
      nothingRan();
    }
  });

  it('does all when the answer is yes and the name is typed', async () => {
    const { code, shown } = await answer([QUESTION, 'y\r'], [NAME_IT, 'Directory[/srv/old]\r']);
    assert.equal(code, 0, shown);
    assert.match(shown, /\nConverged: 3 converged; 3 actions/);
    assert.deepEqual(['/srv/safe', '/etc/sudoers.d/phxtest', '/srv/old'].map(exists), [true, true, false]);
  });

  it('asks for each name by itself, and takes the answer to one for no other', async () => {
    world.manifest(`${HOST}  - Directory: { path: /srv/older, ensure: absent, removeContent: true }\n`);
    fs.outputFileSync(world.path('/srv/older/content'), '');
    const { code, shown } = await answer(
      [QUESTION.replace('2', '3'), 'y\r'],
      [NAME_IT, 'Directory[/srv/older]\r'],
      [NAME_IT.replace('/srv/old', '/srv/older'), 'Directory[/srv/older]\r'],
    );
    assert.equal(code, 3, shown);
    assert.match(shown, /\nDirectory\[\/srv\/old\]: held back: destructive/);
    assert.deepEqual(['/srv/old/content', '/srv/older'].map(exists), [true, false]);
  });

  it('holds back what is destructive when the name is not the one that was asked for', async () => {
    const { code, shown } = await answer([QUESTION, 'YES\r'], [NAME_IT, 'Directory[/srv]\r']);
    assert.equal(code, 3, shown);
    assert.match(shown, /\nDirectory\[\/srv\/old\]: held back: destructive; allow it by its name: --confirm/);
    assert.deepEqual(['/srv/safe', '/etc/sudoers.d/phxtest', '/srv/old/content'].map(exists), [
      true,
      true,
      true,
    ]);
  });

  it('does nothing on Ctrl-C, at either question, and its exit code says that it was stopped', async () => {
    const dialogues: Reply[][] = [
      [[QUESTION, CTRL_C]],
      [
        [QUESTION, 'y\r'],
        [NAME_IT, CTRL_C],
      ],
    ];
    for (const dialogue of dialogues) {
      const { code, shown } = await answer(...dialogue);
      assert.equal(code, 130, shown);
      nothingRan();
    }
  });

  it('does not wait for an answer when it is told to stop', async () => {
    const { code, shown } = await answer([
      QUESTION,
      () => {
        const { pid } = fs.readJsonSync(world.path('/var/lib/phoenix/lock')) as { pid: number };
        process.kill(pid, 'SIGTERM');
      },
    ]);
    assert.equal(code, 143, shown);
    nothingRan();
  });

  it('does nothing on Ctrl-D, also when the first question was answered with yes', async () => {
    const { code, shown } = await answer([QUESTION, CTRL_D]);
    assert.equal(code, 3, shown);
    nothingRan();
    const second = await answer([QUESTION, 'y\r'], [NAME_IT, CTRL_D]);
    assert.equal(second.code, 3, second.shown);
    nothingRan();
  });

  it('asks nobody where the answer could not be typed', async () => {
    const { code, stderr } = await world.phoenix('setup', '--only', 'SudoRule[phxtest]');
    assert.equal(code, 3);
    assert.equal(stderr, '');
  });
});
