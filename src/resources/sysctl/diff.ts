import type { Action, Finding, Refusal, Risk, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import {
  canonicalKey,
  dropInContent,
  dropInPath,
  interfaceOfKey,
  moduleOfKey,
  normalValue,
  procPath,
} from './key.ts';
import type { Actual, Desired, SysctlOp } from './schema.ts';

/** Settings that move, drop or filter traffic, or decide what a crash does. */
const DISRUPTIVE =
  /^(kernel\.(panic|modules_disabled|kexec_load_disabled|hung_task_panic|softlockup_panic)|vm\.panic_on_oom|net\.bridge\.|net\.netfilter\.|net\.nf_conntrack)|ip_forward|forwarding|rp_filter|proxy_arp|proxy_ndp|disable_ipv6|accept_ra|arp_ignore|arp_announce/;

/** Once set they stay until the next boot (Documentation/admin-guide/sysctl/kernel.rst). */
const ONE_WAY: ReadonlySet<string> = new Set(['kernel.modules_disabled', 'kernel.kexec_load_disabled']);

const riskOf = (key: string): Risk => (DISRUPTIVE.test(key) ? 'disruptive' : 'safe');

const undoOfApply = (key: string, live: string | undefined): Undo<SysctlOp> => {
  if (live === undefined) return { none: 'the setting did not exist before' };
  if (ONE_WAY.has(key)) return { none: 'the kernel takes this setting back only by a reboot' };
  return { by: { op: 'apply', key, value: live } };
};

const apply = (key: string, value: string, live: string | undefined): Action<SysctlOp> => ({
  does: { op: 'apply', key, value },
  description:
    live === undefined
      ? `set ${key} to ${value} in the running kernel, once module ${String(moduleOfKey(key))} is loaded`
      : `set ${key} to ${value} in the running kernel (now ${live})`,
  risk: riskOf(key),
  changes: [{ path: 'live', from: live ?? null, to: value }],
  undo: undoOfApply(key, live),
});

/** The value that our file has, if it is as we write it. */
const persistedValue = (key: string, dropIn: string): string | undefined => {
  const value = dropIn.split('\n').at(1)?.slice(`${key} = `.length) ?? '';
  return value !== '' && dropInContent(key, value) === dropIn ? value : undefined;
};

const undoOfFile = (key: string, dropIn: string | undefined): Undo<SysctlOp> => {
  if (dropIn === undefined) return { by: { op: 'remove', key } };
  const value = persistedValue(key, dropIn);
  return value === undefined
    ? { none: `${dropInPath(key)} had been edited; its content is kept in the backup` }
    : { by: { op: 'persist', key, value } };
};

const persist = (key: string, value: string, dropIn: string | undefined): Action<SysctlOp> => ({
  does: { op: 'persist', key, value },
  description: `set ${key} to ${value} at boot, in ${dropInPath(key)}`,
  risk: riskOf(key),
  changes: [{ path: 'persisted', from: dropIn ?? '', to: dropInContent(key, value), as: 'text' }],
  undo: undoOfFile(key, dropIn),
});

const remove = (key: string, dropIn: string): Action<SysctlOp> => ({
  does: { op: 'remove', key },
  description: `remove ${dropInPath(key)}; ${key} keeps its value until the next boot`,
  risk: riskOf(key),
  changes: [{ path: 'persisted', from: dropIn, to: '', as: 'text' }],
  undo: undoOfFile(key, dropIn),
});

const missing = (key: string, value: string): Refusal => {
  const device = interfaceOfKey(key);
  return {
    refuses:
      `there is no ${procPath(key)}: ` +
      (device === undefined
        ? 'this kernel has no such setting; check the key, or load the module that brings it'
        : `there is no network interface ${device}; check the name, or declare the interface`),
    changes: [{ path: 'live', from: null, to: value }],
  };
};

const overridden = (
  key: string,
  value: string,
  { file, value: other }: NonNullable<Actual['override']>,
): Refusal => ({
  refuses:
    `${file} ${other === undefined ? `excludes ${key}` : `sets ${key} to ${other}`} at boot, ` +
    `after ${dropInPath(key)}; remove that line from ${file}`,
  changes: [{ path: 'persisted', from: other ?? null, to: value }],
});

const refusalOf = (key: string, value: string, found: Actual): Refusal | undefined => {
  const { live, override } = found;
  if (live === undefined && moduleOfKey(key) === undefined) return missing(key, value);
  if (override && (override.value === undefined || normalValue(key, override.value) !== value))
    return overridden(key, value, override);
  return undefined;
};

/** Live first: what the kernel does not take is not written to a file either. */
const diffPresent = (key: string, value: string, found: Actual): Finding<SysctlOp>[] => {
  const refusal = refusalOf(key, value, found);
  if (refusal) return [refusal];
  const live = found.live === undefined ? undefined : normalValue(key, found.live);
  const findings: Finding<SysctlOp>[] = [];
  if (live !== value) findings.push(apply(key, value, live));
  if (found.dropIn !== dropInContent(key, value)) findings.push(persist(key, value, found.dropIn));
  return findings;
};

export const diff = (want: Desired, actual: Known<Actual>): Finding<SysctlOp>[] => {
  const key = canonicalKey(want.key);
  const found = actual.is === 'present' ? actual.value : {};
  if (want.ensure === 'absent') return found.dropIn === undefined ? [] : [remove(key, found.dropIn)];
  return diffPresent(key, normalValue(key, String(want.value)), found);
};
