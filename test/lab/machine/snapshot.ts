import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheFolder, keepFresh } from '../cache.ts';
import { fingerprint } from '../image/fingerprint.ts';
import type { Image } from '../image/image.ts';
import { withLock } from '../lock.ts';
import { timed } from '../say.ts';
import { diskArguments, type Hardware, hardwareArguments } from './hardware.ts';
import { Monitor } from './monitor.ts';
import { assertRuns, type Boot, diskFiles, killQemu, startQemu } from './qemu.ts';
import { Ssh } from './ssh.ts';
import { bootTimeout, waitUntilBooted } from './booted.ts';

/** A booted machine at rest: its memory, and disks that nobody writes to any more. */
export interface Snapshot {
  readonly folder: string;
  readonly state: string;
}

/** New disks: an empty layer over `backing`, so that what is below never changes. */
export const layDisks = async (backing: readonly string[], files: readonly string[]): Promise<void> => {
  await Promise.all(
    files.map((file, index) =>
      execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', backing[index]!, '-F', 'qcow2', file]),
    ),
  );
};

const createBlankDisks = async (folder: string, image: Image, hardware: Hardware): Promise<void> => {
  const [root, ...spares] = diskFiles(folder, hardware);
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image.disk, '-F', 'raw', root!]);
  for (const [index, disk] of hardware.disks.entries()) {
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', spares[index]!, disk.size]);
  }
};

/** Boots once, and saves the memory into a file with the migration of QEMU: the disks stay outside of it. */
const bootAndSave = async (boot: Boot): Promise<void> => {
  const { image, folder, hardware } = boot;
  await createBlankDisks(folder, image, hardware);
  const qemu = await startQemu(boot);
  try {
    const ssh = new Ssh(image, qemu.port, join(folder, 'ssh.sock'), () => {
      assertRuns(qemu, folder);
    });
    await ssh.connect(bootTimeout(boot.accelerator));
    await waitUntilBooted(ssh, bootTimeout(boot.accelerator));
    // Caches would only be more bytes to read back.
    await ssh.run('sync; echo 3 > /proc/sys/vm/drop_caches');
    await ssh.disconnect();
    const monitor = await Monitor.connect(join(folder, 'qmp.sock'));
    await monitor.execute('stop');
    await monitor.execute('migrate-set-parameters', { 'max-bandwidth': 2 ** 33 });
    await monitor.execute('migrate', { uri: `exec:cat > ${join(folder, 'state')}` });
    await monitor.waitForStatus('query-migrate', 'completed', 120_000);
    // The disks of a saved machine are flushed and released: nothing is lost with the process.
    monitor.close();
  } finally {
    await killQemu(qemu);
  }
};

/** The snapshot for an image and a hardware declaration: from the cache, or made now by booting once. */
export const ensureSnapshot = async (
  image: Image,
  hardware: Hardware,
  accelerator: string,
): Promise<Snapshot> => {
  const { stdout: version } = await execa('qemu-system-x86_64', ['--version']);
  const seen = [
    ...hardwareArguments(hardware, accelerator),
    ...diskArguments(hardware, diskFiles('', hardware)),
  ];
  const sizes = hardware.disks.map((disk) => disk.size);
  const name = `${image.key}-${fingerprint(version, ...seen, ...sizes)}`;
  const folder = join(cacheFolder('snapshot'), name);
  await withLock(`snapshot-${name}`, async () => {
    if (existsSync(folder)) return;
    const partial = cacheFolder('snapshot', `.${name}.${process.pid}`);
    try {
      await timed(`boot once for the snapshot (${accelerator}, ${hardware.disks.length} spare disks)`, () =>
        bootAndSave({ folder: partial, image, hardware, accelerator }),
      );
      await rename(partial, folder);
    } catch (error) {
      const log = await execa('tail', ['-n', '40', join(partial, 'serial.log')], { reject: false });
      await rm(partial, { recursive: true, force: true });
      throw new Error(`the first boot failed; the end of its serial log:\n${log.stdout}`, { cause: error });
    }
  });
  keepFresh(folder);
  return { folder, state: join(folder, 'state') };
};
