import type { Host } from '../../host/host.ts';
import { dropInContent, dropInPath, moduleOfKey, normalValue, procPath } from './key.ts';
import type { SysctlOp } from './schema.ts';

/** The kernel may take less than it was given, or nothing, and say nothing: so it is read back. */
const apply = (key: string, value: string, host: Host): void => {
  const path = procPath(key);
  if (host.lstat(path) === undefined)
    throw new Error(
      `there is no ${path}: load module ${moduleOfKey(key) ?? 'that brings it'} first (KernelModule, at boot too)`,
    );
  host.writeKernel(path, value);
  const kept = normalValue(key, host.readFile(path)?.toString() ?? '');
  if (kept !== normalValue(key, value))
    throw new Error(
      `${path}: the kernel has ${kept} after ${value} was written; declare a value that it takes`,
    );
};

export const converge = async (op: SysctlOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'apply':
      apply(op.key, op.value, host);
      return;
    case 'persist':
      await host.writeFile(dropInPath(op.key), dropInContent(op.key, op.value), {
        mode: 0o644,
        uid: 0,
        gid: 0,
      });
      return;
    case 'remove':
      host.removeFile(dropInPath(op.key));
      return;
  }
};
