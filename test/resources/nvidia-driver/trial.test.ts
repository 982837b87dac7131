/** The new driver is built beside the old one before apt touches anything. */
import { strict as assert } from 'node:assert';
import nvidiaDriver from '../../../src/resources/nvidia-driver/index.ts';
import type { Command, CommandResult } from '../../../src/host/host.ts';
import { FakeHost } from '../../support/fake-host.ts';

const WORK = '/var/lib/phoenix/nvidia';
const SIMULATION = 'apt-get -s install --no-install-recommends nvidia-kernel-dkms=560.*';
const OWN = { mode: 0o700, uid: 0, gid: 0 };

/** Leaves what the programs of a trial leave. */
class TrialHost extends FakeHost {
  readonly #source: string;

  constructor(source: string, commands: Record<string, { code: number; stderr: string } | string> = {}) {
    super({
      files: { '/var/lib/phoenix/lock': '', [`${WORK}/left-over`]: '' },
      commands: {
        [SIMULATION]:
          'Inst nvidia-kernel-dkms [550.1-1] (560.1-1 lab [amd64])\nInst nvidia-smi [550.1-1] (560.1-1 lab [amd64])\n',
        ...commands,
      },
    });
    this.#source = source;
  }

  override async run(command: Command): Promise<CommandResult> {
    if (command.program === 'env')
      await super.writeFile(`${WORK}/nvidia-kernel-dkms_560.1-1_amd64.deb`, '', OWN);
    if (command.program === 'dpkg-deb') {
      const folder = `${WORK}/nvidia-kernel-dkms/usr/src/${this.#source}`;
      await super.writeFile(`${folder}/dkms.conf`, '', OWN);
      await super.writeFile(
        `${WORK}/nvidia-kernel-dkms/dkms/nvidia-current/560.1/build/make.log`,
        'error: this kernel is too new\n',
        OWN,
      );
    }
    return await super.run(command);
  }

  get ran(): string[] {
    return this.calls.filter(([what]) => what === 'run').map(([, ...argv]) => argv.join(' '));
  }
}

const converge = async (host: FakeHost): Promise<void> => {
  await nvidiaDriver.converge(
    {
      op: 'install',
      packages: [{ name: 'nvidia-kernel-dkms', version: '560.*' }],
      reinstall: false,
      tryFor: '9.9.9-lab',
    },
    host,
  );
};

const WHERE = `--dkmstree ${WORK}/nvidia-kernel-dkms/dkms --sourcetree ${WORK}/nvidia-kernel-dkms/usr/src -m nvidia-current -v 560.1`;

describe('a driver on trial', () => {
  it('is built in trees of its own, and then installed', async () => {
    const host = new TrialHost('nvidia-current-560.1');
    await converge(host);
    assert.deepEqual(host.ran.slice(0, -1), [
      SIMULATION,
      `env --chdir=${WORK} apt-get -q -o APT::Sandbox::User=root download nvidia-kernel-dkms=560.1-1`,
      `dpkg-deb -x ${WORK}/nvidia-kernel-dkms_560.1-1_amd64.deb ${WORK}/nvidia-kernel-dkms`,
      `dkms add ${WHERE}`,
      `dkms build ${WHERE} -k 9.9.9-lab`,
    ]);
    assert.match(
      host.ran.at(-1) ?? '',
      /^apt-get -y .* install --no-install-recommends nvidia-kernel-dkms=560\.\*$/,
    );
    assert.equal(host.lstat(WORK), undefined);
  });

  it('that cannot be built leaves the old one, and says what the compiler said', async () => {
    const host = new TrialHost('nvidia-current-560.1', {
      [`dkms build ${WHERE} -k 9.9.9-lab`]: { code: 10, stderr: 'Error! Bad return status' },
    });
    await assert.rejects(
      converge(host),
      /nvidia-current 560\.1 cannot be built for 9\.9\.9-lab, and was not installed; the old driver stays: (?:.*\n)+error: this kernel is too new/,
    );
    assert.ok(!host.ran.some((argv) => argv.startsWith('apt-get -y')));
    assert.equal(host.lstat(WORK), undefined);
  });

  it('is passed over in a package without a source', async () => {
    const host = new TrialHost('something-else');
    await converge(host);
    assert.ok(!host.ran.some((argv) => argv.startsWith('dkms')));
  });
});
