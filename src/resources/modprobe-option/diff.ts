import type { Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { INITRAMFS_DEBTS } from '../../facts/initramfs.ts';
import { underscored } from '../../facts/modules.ts';
import { diffOwnFile, type OwnFileOp } from '../../facts/own-file.ts';
import type { Actual, Desired } from './schema.ts';

export const keyOf = ({ module }: Pick<Desired, 'module'>): string => underscored(module);
export const pathOf = (want: Pick<Desired, 'module'>): string =>
  `/etc/modprobe.d/phoenix-${keyOf(want)}.conf`;

const textOf = (want: Desired): string => {
  const name = keyOf(want);
  const options = Object.entries(want.options).map(([key, value]) => `${key}=${value}`);
  return [
    `# managed by phoenix: ModprobeOption[${name}]`,
    ...(want.blacklist ? [`blacklist ${name}`] : []),
    ...(want.before.length === 0 ? [] : [`softdep ${name} pre: ${want.before.join(' ')}`]),
    ...(options.length === 0 ? [] : [`options ${name} ${options.join(' ')}`]),
    '',
  ].join('\n');
};

/** The kernel shows a boolean as Y or N, and numbers in decimal. */
const normal = (value: string): string => {
  if (/^(?:Y|y|1|on)$/.test(value)) return '1';
  if (/^(?:N|n|0|off)$/.test(value)) return '0';
  return /^0x[0-9a-f]+$/i.test(value) ? String(Number(value)) : value;
};

/** What a loaded module has otherwise, until it is loaded anew. */
const notInEffect = (want: Desired, { loaded, parameters }: Actual): string[] => [
  ...(want.blacklist && loaded ? [`${keyOf(want)} is no longer loaded`] : []),
  ...Object.entries(want.options).flatMap(([key, value]) => {
    const live = parameters[key];
    return loaded && live !== undefined && normal(live) !== normal(String(value))
      ? [`${keyOf(want)} has ${key}=${value} (now ${live})`]
      : [];
  }),
];

export const diff = (want: Desired, reading: Known<Actual>): Finding<OwnFileOp>[] => {
  if (reading.is === 'absent') return [];
  const { file, written = 0 } = reading.value;
  const text = want.ensure === 'present' ? textOf(want) : undefined;
  const findings = diffOwnFile({ path: pathOf(want), text, risk: 'safe', owes: INITRAMFS_DEBTS }, file);
  if (findings.length > 0 || text === undefined) return findings;
  const since = new Date(written).toISOString();
  return notInEffect(want, reading.value).map((brings) => ({ awaits: 'reboot', brings, since }));
};
