/** No file that the environment or the working directory names is ever loaded as code, or started. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'fs-extra';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { PHOENIX, World } from '../support/world.ts';

describe('foreign code', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let trap: string;
  let environment: Record<string, string>;

  const canaries = (): string[] => fs.readdirSync(`${trap}/canaries`).sort();
  /** JavaScript that tells that it ran. */
  const sing = (name: string): string =>
    `require('node:fs').writeFileSync('${trap}/canaries/${name}', '');\n`;

  /** What oclif takes for a user's plugins: a folder of data with a package.json that names them. */
  const plantPlugins = (data: string, name: string): void => {
    const plugin = `${data}/node_modules/canary`;
    fs.outputJsonSync(`${data}/package.json`, {
      name: 'user-plugins',
      dependencies: { canary: '*' },
      oclif: { schema: 1, plugins: [{ name: 'canary', tag: 'latest', type: 'user' }] },
    });
    fs.outputJsonSync(`${plugin}/package.json`, {
      ...{ name: 'canary', version: '1.0.0', main: 'main.js' },
      oclif: { hooks: { init: './hook.js', prerun: './hook.js' }, commands: './commands' },
    });
    fs.outputFileSync(`${plugin}/main.js`, sing(name));
    fs.outputFileSync(`${plugin}/hook.js`, `${sing(name)}module.exports = async () => {};\n`);
    fs.outputFileSync(`${plugin}/commands/canary.js`, `${sing(name)}module.exports = {};\n`);
  };

  beforeEach(() => {
    trap = folder.path;
    fs.chmodSync(trap, 0o755);
    fs.ensureDirSync(`${trap}/canaries`);
    for (const name of ['data', 'config', 'home/.local/share', 'home/.config'])
      plantPlugins(`${trap}/${name}/phoenix`, name.replaceAll('/', '-'));
    plantPlugins(`${trap}/own`, 'own');
    fs.writeFileSync(`${trap}/required.js`, sing('NODE_OPTIONS'));
    fs.outputFileSync(`${trap}/modules/zod/index.js`, sing('NODE_PATH'));
    for (const program of ['dpkg-query', 'flock', 'node', 'env', 'readlink', 'dirname', 'getent'])
      fs.outputFileSync(`${trap}/bin/${program}`, `#!/bin/sh\n: >'${trap}/canaries/${program}'\n`, {
        mode: 0o755,
      });
    fs.outputJsonSync(`${trap}/work/package.json`, {
      name: 'x',
      oclif: { plugins: ['canary'], bin: 'phoenix' },
    });
    for (const name of ['.oclifrc.js', '.oclifrc.cjs', 'oclif.config.js'])
      fs.outputFileSync(`${trap}/work/${name}`, sing(name));
    environment = {
      XDG_DATA_HOME: `${trap}/data`,
      XDG_CONFIG_HOME: `${trap}/config`,
      PHOENIX_DATA_DIR: `${trap}/own`,
      PHOENIX_CONFIG_DIR: `${trap}/own`,
      HOME: `${trap}/home`,
      NODE_OPTIONS: `--require ${trap}/required.js`,
      NODE_PATH: `${trap}/modules`,
      PATH: `${trap}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    };
  });

  it('is loaded by none of our commands', async () => {
    const world = await World.enter();
    try {
      world.manifest(
        'version: 1\nresources:\n  - Directory: { path: /srv/d }\n  - AptPackage: { name: dpkg }\n',
      );
      const commands = [
        ['--version'],
        ['--help'],
        ['validate'],
        ['setup', '--check'],
        ['setup'],
        ['show'],
        ['nonsense'],
      ];
      for (const command of commands) {
        // Under the root of the world our own folder is where it always was.
        const { code, stderr } = await world.run(
          ['/usr/bin/env', '-C', `${trap}/work`, PHOENIX, ...command],
          environment,
        );
        assert.ok([0, 2, 64].includes(code), `${command.join(' ')}: ${code} ${stderr}`);
        assert.deepEqual(canaries(), [], command.join(' '));
      }
    } finally {
      world.leave();
    }
  });

  it('is loaded by plain Node and plain oclif: the trap is a trap', () => {
    const core = import.meta.resolve('@oclif/core');
    fs.outputJsonSync(`${trap}/app/package.json`, {
      ...{ name: 'phoenix', version: '1.0.0' },
      oclif: { bin: 'phoenix', dirname: 'phoenix', commands: './commands' },
    });
    fs.outputFileSync(`${trap}/app/commands/hello.js`, 'module.exports = { run: async () => {} };\n');
    const script = `
      import { run } from '${core}';
      await run(['hello'], '${trap}/app').catch(() => undefined);`;
    const { PHOENIX_DATA_DIR: _own, ...withoutOwn } = environment;
    for (const [env, canary] of [
      [environment, 'own'],
      [withoutOwn, 'data'],
    ] as const) {
      fs.emptyDirSync(`${trap}/canaries`);
      spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, cwd: `${trap}/work` });
      assert.deepEqual(canaries(), ['NODE_OPTIONS', canary]);
    }
    spawnSync(process.execPath, ['-e', 'require("zod")'], { env: environment, cwd: `${trap}/work` });
    spawnSync('sh', ['-c', 'flock'], { env: environment });
    assert.deepEqual(canaries(), ['NODE_OPTIONS', 'NODE_PATH', 'data', 'flock']);
  });
});
