import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describedCommands } from '../../scripts/described-commands.ts';
import { bashCompletion, zshCompletion } from '../../scripts/package/completions.ts';
import { kinds } from '../../src/resources/index.ts';
import { TypedShell } from '../support/typing.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion } as const;

/** What is typed, and the words that the last one may become. */
const CASES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['phoenix set', ['setup']],
  ['phoenix re', ['report', 'resume']],
  ['phoenix setup --che', ['--check']],
  ['phoenix setup --yes --che', ['--check']],
  ['phoenix setup --skip nfs-', ['nfs-ready']],
  ['phoenix setup --max-risk ', ['disruptive', 'safe']],
  ['phoenix schedule ', ['disable', 'enable', 'run-now', 'status']],
  ['phoenix show ZfsP', ['ZfsPool']],
  ['phoenix validate --manifest /etc/hostn', ['/etc/hostname']],
];

for (const [name, completion] of Object.entries(SHELLS))
  describe(`the completion of ${name}`, () => {
    let folder: string;
    let shell: TypedShell;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phoenix-completion-'));
      // zsh finds it by this name
      const file = join(folder, '_phoenix');
      writeFileSync(file, await completion());
      shell = new TypedShell(name as keyof typeof SHELLS, folder, file);
    });
    after(async () => {
      await shell.end();
      rmSync(folder, { recursive: true });
    });

    const wordsFor = async (typed: string): Promise<string[]> => {
      const before = typed.split(' ').slice(0, -1);
      const all = await shell.complete(typed);
      assert.deepEqual(all.slice(0, before.length), before);
      return all.slice(before.length).sort();
    };

    for (const [typed, words] of CASES)
      it(`makes ${words.join(', ')} of "${typed}"`, async () => {
        assert.deepEqual(await wordsFor(typed), words);
      });

    it('knows every command, every flag of each, and every kind', async () => {
      const commands = await describedCommands();
      assert.deepEqual(
        (await wordsFor('phoenix ')).filter((word) => !word.startsWith('-')),
        commands.map(({ id }) => id).sort(),
      );
      for (const { id, flags } of commands) {
        const words = await wordsFor(`phoenix ${id} --`);
        for (const flag of flags) assert.ok(words.includes(`--${flag.name}`), `${id} --${flag.name}`);
      }
      assert.deepEqual(await wordsFor('phoenix show '), kinds.map(({ type }) => type.kind).sort());
    });
  });
