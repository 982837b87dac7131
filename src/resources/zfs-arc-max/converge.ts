import type { Host } from '../../host/host.ts';
import { showBytes } from '../../facts/binary-size.ts';
import { FOLDER, PARAMETERS, type Limit } from './modprobe.ts';
import { liveLimits } from './read.ts';
import type { ArcOp } from './schema.ts';

type Apply = Extract<ArcOp, { op: 'apply' }>;

/** A maximum counts only above the minimum, and a minimum only up to the maximum: which one goes first depends. */
const inOrder = ({ max, min }: Apply, currentMax: number): [Limit, number][] => {
  const both: [Limit, number | undefined][] =
    (min ?? 0) <= currentMax
      ? [
          ['min', min],
          ['max', max],
        ]
      : [
          ['max', max],
          ['min', min],
        ];
  return both.filter((one): one is [Limit, number] => one[1] !== undefined);
};

/** The module ignores what it does not like, with a line in the kernel's log and no error: so it is read back. */
const apply = (op: Apply, host: Host): void => {
  const before = liveLimits(host);
  if (before === undefined) throw new Error('the module zfs is not loaded any more; run setup again');
  for (const [limit, value] of inOrder(op, before.max)) {
    host.writeKernel(`/sys/module/zfs/parameters/${PARAMETERS[limit]}`, String(value));
    const kept = liveLimits(host)?.[limit];
    if (kept !== value)
      throw new Error(
        `${PARAMETERS[limit]}: zfs goes by ${showBytes(kept ?? 0)} after ${showBytes(value)} was written; ` +
          'see "ignoring tunable" in the output of dmesg, and declare a value that it takes',
      );
  }
};

export const converge = async (op: ArcOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'apply':
      apply(op, host);
      return;
    case 'write':
      await host.writeFile(`${FOLDER}/${op.name}`, op.text, { mode: 0o644, uid: 0, gid: 0 });
      return;
    case 'remove':
      host.removeFile(`${FOLDER}/${op.name}`);
      return;
  }
};
