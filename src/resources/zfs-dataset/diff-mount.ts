/** Keys and mounts: what does not survive a reboot by itself. */
import type { Action, Finding, Refusal } from '../../engine/action.ts';
import type { Settings } from '../../facts/zfs-list.ts';
import { canMount, shallBeMounted } from './mounting.ts';
import type { Actual } from './read.ts';
import type { DatasetOp, Desired } from './schema.ts';

const valueOf = (live: Settings, property: string): string => live[property]?.value ?? '-';

const loadKey = (want: Desired): Action<DatasetOp> => ({
  does: { op: 'load-key', name: want.name, ...(want.key && { key: want.key }) },
  description: `load the encryption key of ${want.name}`,
  risk: 'safe',
  changes: [{ path: 'keystatus', from: 'unavailable', to: 'available' }],
  undo: { by: { op: 'unload-key', name: want.name } },
});

export const mount = (name: string, path: string | undefined): Action<DatasetOp> => ({
  does: { op: 'mount', name },
  description: `mount ${name}${path === undefined ? '' : ` on ${path}`}`,
  risk: 'safe',
  changes: [{ path: 'mounted', from: false, to: true }],
  undo: { by: { op: 'unmount', name } },
});

const unmount = (name: string): Action<DatasetOp> => ({
  does: { op: 'unmount', name },
  description: `unmount ${name} and what is mounted below it`,
  risk: 'disruptive',
  changes: [{ path: 'mounted', from: true, to: false }],
  undo: { by: { op: 'mount', name } },
});

const refuseMount = (refuses: string): Refusal => ({
  refuses,
  changes: [{ path: 'mounted', from: false, to: true }],
});

/** As operators know it: the manifest's path, and the one on this host where they differ. */
export const obstacleRefusal = (name: string, path: string, obstacle: string): Refusal =>
  refuseMount(
    `${path} ${obstacle}: mounted there, ${name} would hide it; move it away, or declare \`overlay: on\` to hide it`,
  );

/** A root of encryption whose key is not loaded; others wait for theirs. */
const isLocked = (want: Desired, live: Settings): boolean =>
  valueOf(live, 'keystatus') === 'unavailable' && valueOf(live, 'encryptionroot') === want.name;

const knowsKey = (want: Desired, live: Settings): boolean =>
  want.key !== undefined || /^(file|https?):/.test(valueOf(live, 'keylocation'));

export const mountRefusals = (want: Desired, live: Settings, actual: Actual): Refusal[] => {
  if (shallBeMounted(want, live, actual.path) !== true) return [];
  const { path, obstacle } = actual;
  if (path === undefined)
    return [refuseMount(`${want.name} has no mountpoint; declare one, or \`mounted: false\``)];
  if (canMount(want, live) === 'off')
    return [refuseMount(`${want.name} has canmount off; declare \`canmount\`, or \`mounted: false\``)];
  if (obstacle !== undefined) return [obstacleRefusal(want.name, path, obstacle)];
  if (isLocked(want, live) && !knowsKey(want, live))
    return [refuseMount(`the key of ${want.name} is not loaded; declare its \`key\`, or run zfs load-key`)];
  return [];
};

export const unlock = (want: Desired, live: Settings, path: string | undefined): Finding<DatasetOp>[] => {
  const wanted =
    want.key !== undefined || 'encryption' in want.properties || shallBeMounted(want, live, path) === true;
  return wanted && isLocked(want, live) && knowsKey(want, live) ? [loadKey(want)] : [];
};

/** `moved`: its mountpoint changes, and zfs set may mount it by itself. */
export const mountState = (
  want: Desired,
  live: Settings,
  path: string | undefined,
  moved: boolean,
): Finding<DatasetOp>[] => {
  const goal = shallBeMounted(want, live, path);
  const mounted = valueOf(live, 'mounted') === 'yes';
  if (goal === true && path !== undefined && !mounted) return [mount(want.name, path)];
  if (goal === false && (mounted || moved)) return [unmount(want.name)];
  return [];
};
