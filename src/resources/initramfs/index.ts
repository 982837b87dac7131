import { z } from 'zod';
import type { Action, Finding } from '../../engine/action.ts';
import { present } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { INITRAMFS_DEBTS, newestInput, staleKernels } from '../../facts/initramfs.ts';
import { converge, ops, type InitramfsOp } from './converge.ts';

const desired = z.strictObject({});

interface Actual {
  /** Kernels whose initramfs is missing, or older than what goes into it. */
  readonly stale: readonly { readonly version: string; readonly missing: boolean }[];
  /** The newest of what goes in. */
  readonly newest?: string;
}

const build = ({ stale, newest }: Actual): Action<InitramfsOp> => ({
  does: { op: 'build' },
  description: `rebuild the initramfs of ${stale.map(({ version }) => version).join(', ')}, older than ${newest ?? 'nothing'}`,
  risk: 'safe',
  changes: stale.map(({ version, missing }) => ({
    path: `initramfs of ${version}`,
    from: missing ? null : 'out of date',
    to: 'built',
  })),
  undo: { again: 'it is built from the files that there are' },
  owes: INITRAMFS_DEBTS.slice(1),
});

export default defineResource({
  kind: 'Initramfs',
  summary:
    'The initramfs of every kernel that can boot, no older than what goes into it: the files of modprobe.d, and the scripts and hooks of initramfs-tools. Never removes one, and never touches that of a kernel without an image in /boot.',
  desired,
  ops,
  examples: [{}],

  key: () => 'system',

  read: (host) => {
    const newest = newestInput(host)?.path;
    const stale = staleKernels(host).map(({ version, initramfs }) => ({
      version,
      missing: initramfs === undefined,
    }));
    return new Map([['system', present<Actual>({ stale, ...(newest === undefined ? {} : { newest }) })]]);
  },

  diff: (_, reading): Finding<InitramfsOp>[] =>
    reading.is === 'absent' || reading.value.stale.length === 0 ? [] : [build(reading.value)],

  converge,
});
