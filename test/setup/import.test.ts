import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { compile } from '../../src/setup/compile.ts';
import { convert } from '../../src/setup/import/convert.ts';
import { manifestSchema } from '../../src/setup/manifest-schema.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HERE = join(import.meta.dirname, '../golden/import');
const CONFIG = 'phoenix_hypervisor_config.json';
const golden = (name: string): string => readFileSync(join(HERE, name), 'utf8');

const run = (...args: string[]) => {
  const dev = join(import.meta.dirname, '../../bin/dev.js');
  const tsx = join(import.meta.dirname, '../../node_modules/tsx/dist/loader.mjs');
  return spawnSync(process.execPath, [`--import=${tsx}`, dev, 'import', ...args], {
    cwd: HERE,
    encoding: 'utf8',
  });
};

const messagesOf = (config: unknown): string[] =>
  convert(config).warnings.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('phoenix import', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('converts the whole configuration, and names what is left out or unsafe with its line', () => {
    const { status, stdout, stderr } = run(CONFIG);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, golden('manifest.yaml'));
    assert.equal(stderr, golden('warnings.txt'));
  });

  it('makes a manifest that is valid as a whole', () => {
    const parsed = parseManifest(Buffer.from(golden('manifest.yaml')), 'm.yaml', manifestSchema);
    assert.ok(parsed.ok);
    const none = (): string => '';
    assert.deepEqual(compile(parsed.value, { program: '/x' }, { text: none, shipped: none }).problems, []);
  });

  it('takes no secret over, and shows none', () => {
    for (const secret of ['hunter2', 'nothingofvalue'])
      for (const file of ['manifest.yaml', 'warnings.txt']) assert.ok(!golden(file).includes(secret));
  });

  it('writes a new file, and never over another', () => {
    const file = join(folder.path, 'host.yaml');
    assert.equal(run(CONFIG, '--output', file).status, 0);
    assert.equal(readFileSync(file, 'utf8'), golden('manifest.yaml'));
    writeFileSync(file, 'mine\n');
    assert.equal(run(CONFIG, '--output', file).status, 64);
    assert.equal(readFileSync(file, 'utf8'), 'mine\n');
  });

  it('says what is no JSON, and what is not there', () => {
    const file = join(folder.path, 'broken.json');
    writeFileSync(file, '{ "zfs": ');
    const broken = run(file, '--output', join(folder.path, 'none.yaml'));
    assert.deepEqual([broken.status, existsSync(join(folder.path, 'none.yaml'))], [78, false]);
    assert.match(broken.stderr, /broken\.json: expected JSON; /);
    const missing = run(join(folder.path, 'missing.json'));
    assert.equal(missing.status, 78);
    assert.match(missing.stderr, /missing\.json does not exist/);
  });

  it('finds the firewall also where some versions have it', () => {
    const { manifest } = convert({ shared_volumes: { firewall: { enabled: false } } });
    assert.deepEqual(manifest, { version: 1, firewall: { enabled: false } });
  });

  it('survives any form of any part, and passes over nothing in silence', () => {
    for (const part of [null, 1, 'text', [], [1], {}, { a: { b: 1 } }, [[]]])
      for (const key of [
        'zfs',
        'users',
        'nfs',
        'samba',
        'network',
        'firewall',
        'dns_server',
        'shared_volumes',
        'x',
      ]) {
        const { manifest } = convert({ [key]: part });
        assert.ok(manifestSchema.safeParse(manifest).success, `${key}: ${JSON.stringify(part)}`);
      }
    assert.match(
      messagesOf({ zfs: { colour: 'red' } }).join(),
      /zfs\.colour: left out: phoenix does not know/,
    );
    for (const odd of [null, 'text', []]) assert.deepEqual(convert(odd).manifest, { version: 1 });
  });

  it('takes a password in clear for what it is', () => {
    const { manifest, warnings } = convert({ users: { username: 'a', password_hash: 'hunter2' } });
    assert.deepEqual(manifest['adminUsers'], [
      { name: 'a', passwordHash: { file: '/etc/phoenix/secrets/a.hash' } },
    ]);
    assert.match(warnings[0]?.message ?? '', /a password in clear that others may have read/);
  });

  it('leaves a part out that the manifest would refuse, with the reason', () => {
    const { manifest, warnings } = convert({
      zfs: { arc_max_gb: 'plenty', pools: [{ name: 'a', raid_level: 'mirror', disks: ['/dev/sda'] }] },
      timezone: '/etc/passwd',
    });
    assert.deepEqual(manifest, { version: 1, initial: {}, zfs: { pools: [] } });
    assert.equal(warnings.length, 3);
  });
});
