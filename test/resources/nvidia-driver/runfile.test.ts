/** NVIDIA's own installer is run only after the modules were built beside those that are there. */
import { strict as assert } from 'node:assert';
import nvidiaDriver from '../../../src/resources/nvidia-driver/index.ts';
import type { Command, CommandResult } from '../../../src/host/host.ts';
import { FakeHost } from '../../support/fake-host.ts';

const SUM = 'a'.repeat(64);
const FILE = `/var/lib/phoenix/nvidia-runfiles/${SUM}.run`;
const TREE = '/var/lib/phoenix/nvidia/extracted';

/** Leaves what `--extract-only` leaves. */
class ExtractingHost extends FakeHost {
  readonly #kind: string;

  constructor(kind: string, commands: Record<string, { code: number; stderr: string }> = {}) {
    super({
      files: { '/var/lib/phoenix/lock': '' },
      commands: { [`sha256sum -- ${FILE}`]: `${SUM}  ${FILE}\n`, ...commands },
    });
    this.#kind = kind;
  }

  override async run(command: Command): Promise<CommandResult> {
    if (command.args.includes('--extract-only'))
      await super.writeFile(`${TREE}/${this.#kind}/Makefile`, '', { mode: 0o644, uid: 0, gid: 0 });
    return await super.run(command);
  }

  get ran(): string[] {
    return this.calls.filter(([what]) => what === 'run').map(([, ...argv]) => argv.join(' '));
  }
}

const converge = async (host: FakeHost, modules?: 'open' | 'proprietary'): Promise<void> => {
  await nvidiaDriver.converge(
    { op: 'run-installer', sha256: SUM, kernel: '6.12.117', modules, tryFirst: true },
    host,
  );
};

describe('an installer on trial', () => {
  it('is built, and then run', async () => {
    const host = new ExtractingHost('kernel');
    await converge(host);
    assert.deepEqual(host.ran, [
      `sha256sum -- ${FILE}`,
      `sh ${FILE} --extract-only --target ${TREE}`,
      `make -C ${TREE}/kernel KERNEL_UNAME=6.12.117 modules`,
      `sh ${FILE} --advanced-options`,
      `sh ${FILE} --silent --dkms --no-x-check --no-opengl-files --kernel-name=6.12.117`,
    ]);
    assert.equal(host.lstat(TREE), undefined);
  });

  it('builds the kind of modules that is declared, or the only one that there is', async () => {
    for (const modules of ['open', undefined] as const) {
      const host = new ExtractingHost('kernel-open');
      await converge(host, modules);
      assert.ok(host.ran.includes(`make -C ${TREE}/kernel-open KERNEL_UNAME=6.12.117 modules`));
    }
  });

  it('is not run when it cannot be built', async () => {
    const host = new ExtractingHost('kernel', {
      [`make -C ${TREE}/kernel KERNEL_UNAME=6.12.117 modules`]: { code: 2, stderr: 'error: too new' },
    });
    await assert.rejects(converge(host), /was not installed; the old driver stays: .*error: too new/s);
    assert.ok(!host.ran.some((argv) => argv.includes('--silent')));
    assert.equal(host.lstat(TREE), undefined);
  });
});
