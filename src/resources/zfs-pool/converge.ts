import type { Host } from '../../host/host.ts';
import { addVdev, attachDisk, replaceDisk } from './change-layout.ts';
import { createPool } from './create.ts';
import type { PoolOp } from './schema.ts';
import { wipeDisks } from './wipe.ts';

/** Importing reads every disk, and replays what was not written. */
const LONG = 600_000;

export const converge = async (op: PoolOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'import': {
      const folders = op.folders.flatMap((folder) => ['-d', folder]);
      await host.run({ program: 'zpool', args: ['import', ...folders, op.guid], timeout: LONG });
      return;
    }
    case 'wipe':
      await wipeDisks(op, host);
      return;
    case 'create':
      await createPool(op, host);
      return;
    case 'set':
      await host.run({ program: 'zpool', args: ['set', `${op.property}=${op.value}`, op.pool] });
      return;
    case 'attach':
      await attachDisk(op, host);
      return;
    case 'replace':
      await replaceDisk(op, host);
      return;
    case 'add':
      await addVdev(op, host);
      return;
  }
};
