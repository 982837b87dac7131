import { strict as assert } from 'node:assert';
import { datasetsFor, type Naming } from '../../src/facts/zfs-asked.ts';
import { PROPERTIES } from '../../src/facts/zfs-properties.ts';
import { FakeHost } from '../support/fake-host.ts';

const GET = 'zfs get -Hp -t filesystem,volume -o name,property,value,source';
const KNOWN = '/sys/module/zfs/properties.dataset';
const modules = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`${KNOWN}/${name}/type`, '']));

/** What zfs is asked for, where the module has these properties. */
const asked = async (files: Record<string, string>, all: readonly Naming[]): Promise<readonly string[]> => {
  const host = new FakeHost({ files });
  const commands: string[] = [];
  host.fact = async (fact) => {
    if ('command' in fact) commands.push(fact.command.args.at(-1) ?? '');
    return await Promise.resolve(fact.absent);
  };
  await datasetsFor(host, all);
  return commands;
};

const naming = (properties: Record<string, unknown>, inherit: string[] = []): Naming => ({
  properties,
  inherit,
});

const EVERYTHING = modules('type', 'version', ...Object.keys(PROPERTIES));

describe('what zfs is asked for', () => {
  it('is not what costs a call into the kernel for each dataset, unless it is declared', async () => {
    const few = await asked(EVERYTHING, [naming({ quota: '1G' })]);
    assert.equal(few.length, 1);
    const names = (few[0] ?? '').split(',');
    assert.deepEqual(
      Object.keys(PROPERTIES).filter((name) => !names.includes(name)),
      ['casesensitivity', 'normalization', 'utf8only'],
    );
    assert.ok(!names.includes('version'));
    const [declared] = await asked(EVERYTHING, [naming({ utf8only: 'on' }), naming({ utf8only: 'on' })]);
    assert.equal(declared, `${few[0]},utf8only`);
  });

  it('is the same for all kinds where nothing is declared that is read for it alone', async () => {
    const [nothing] = await asked(EVERYTHING, []);
    assert.deepEqual(await asked(EVERYTHING, [naming({ compression: 'lz4', volmode: 'dev' })]), [nothing]);
  });

  it('is a user property by its name, set or inherited, once', async () => {
    const all = [naming({ 'x:a': '1', quota: '1G' }, ['x:b', 'atime']), naming({}, ['x:a'])];
    assert.deepEqual(await asked(modules('type', 'quota', 'atime'), all), ['type,atime,quota,x:a,x:b']);
  });

  it('is nothing that this version has not, also where it is declared', async () => {
    const all = [naming({ direct: 'always', normalization: 'formC' })];
    assert.deepEqual(await asked(modules('type', 'quota'), all), ['type,quota']);
  });

  it('is everything where nobody says what the module has', async () => {
    assert.deepEqual(await asked({}, [naming({ 'x:a': '1' })]), ['all']);
  });
});

describe('what zfs answers', () => {
  const answer = async (commands: Record<string, { code?: number; stdout?: string; stderr?: string }>) =>
    await datasetsFor(new FakeHost({ files: modules('type', 'quota', 'volsize'), commands }), []);

  it('is looked at without what is not there', async () => {
    const found = await answer({
      [`${GET} type,volsize,quota`]: {
        stdout: 'tank\ttype\tfilesystem\t-\ntank\tvolsize\t-\t-\ntank\tquota\t0\tdefault\n',
      },
    });
    assert.deepEqual(
      [...found],
      [['tank', { type: { value: 'filesystem', source: 'none' }, quota: { value: '0', source: 'default' } }]],
    );
  });

  it('is asked for anew where zfs is older than the module, and does not know a property of it', async () => {
    const found = await answer({
      [`${GET} type,volsize,quota`]: { code: 2, stderr: "bad property list: invalid property 'quota'" },
      [`${GET} all`]: { stdout: 'tank\ttype\tfilesystem\t-\n' },
    });
    assert.deepEqual([...found.keys()], ['tank']);
  });

  it('is unknown where zfs fails, and none where it is not installed', async () => {
    await assert.rejects(
      answer({ [`${GET} type,volsize,quota`]: { code: 1, stderr: 'permission denied' } }),
      /permission denied/,
    );
    assert.equal((await answer({})).size, 0);
  });
});
