/** Whether what is installed is also in effect: loaded, of one version, and in charge of the cards. */
import type { Action, Awaiting, Finding, Refusal } from '../../engine/action.ts';
import { describePci } from '../../facts/pci.ts';
import { enrol } from '../../facts/secure-boot.ts';
import { builtVersion } from './diff-packages.ts';
import { isInstalled } from './diff-runfile.ts';
import type { Actual, Desired, Next, NvidiaOp } from './schema.ts';

const awaiting = (brings: string, written: number): Awaiting => ({
  awaits: 'reboot',
  brings,
  since: new Date(written).toISOString(),
});

const refusal = (refuses: string, path: string, from: unknown, to: unknown): Refusal => ({
  refuses,
  changes: [{ path, from, to }],
});

const explain = (certificate: string): string =>
  `Secure Boot is on, and the firmware does not know the key that DKMS signs with (${certificate}): the kernel refuses the driver; ${enrol(certificate)}`;

/** The key may be made only when the first module is built: until then there is nothing to import. */
const untrusted = ({ secureBoot: { certificate } }: Actual, isChanging: boolean): Finding<NvidiaOp>[] =>
  isChanging
    ? [{ remarks: explain(certificate) }]
    : [refusal(explain(certificate), 'key of DKMS', 'unknown to the firmware', 'trusted')];

const load: Action<NvidiaOp> = {
  does: { op: 'load' },
  description: 'load the driver',
  risk: 'safe',
  changes: [{ path: 'loaded', from: null, to: 'nvidia' }],
  undo: { none: 'a driver that has its cards is not taken from the running kernel' },
};

/** Older or newer than it knows, or one for the other kind of modules. */
const idle = ({ gpus }: Actual, version: string): Refusal[] =>
  gpus.host
    .filter(({ driver }) => driver !== 'nvidia')
    .map((device) =>
      refusal(
        `the driver ${version} is loaded and has not taken ${describePci(device)}; \`dmesg | grep NVRM\` says why: the card may need another branch, or the other kind of modules`,
        `${device.address} driver`,
        device.driver ?? null,
        'nvidia',
      ),
    );

const mixed = ({ userspace }: Actual, version: string): Refusal[] =>
  userspace.length === 0 || userspace.includes(version)
    ? []
    : [
        refusal(
          `the library that talks to the driver is of version ${userspace.join(', ')}, the driver is ${version}: nvidia-smi and CUDA fail; declare one \`version\` for both, or upgrade what is older`,
          'libnvidia-ml',
          userspace,
          version,
        ),
      ];

/** What the next boot brings, if it is another than what is loaded. */
const afterBoot = (actual: Actual, next: Next, version: string): Awaiting[] => {
  if (actual.nouveau)
    return [
      awaiting(
        `nouveau lets go of the graphics cards, and the NVIDIA driver ${version} has them`,
        actual.written,
      ),
    ];
  const { loaded } = actual;
  if (loaded?.version === version) return [];
  return [
    awaiting(
      `the NVIDIA driver ${version} is loaded (now ${loaded === undefined ? 'none' : loaded.version})`,
      next.written,
    ),
  ];
};

const isHindered = (want: Desired, actual: Actual): boolean =>
  want.source === 'runfile' && actual.nouveau && !isInstalled(want, actual);

const mayLoadNow = ({ nouveau, loaded }: Actual, { isRunning }: Next): boolean =>
  !nouveau && loaded === undefined && isRunning;

export const effectOf = (
  want: Desired,
  actual: Actual,
  next: Next,
  isChanging: boolean,
): Finding<NvidiaOp>[] => {
  if (actual.secureBoot.on && !actual.secureBoot.trustsDkms) return untrusted(actual, isChanging);
  if (isHindered(want, actual))
    return [awaiting('nouveau lets go of the graphics cards, and the installer can run', actual.written)];
  const version = builtVersion(want, actual, next);
  const clash = version === undefined || isChanging ? [] : mixed(actual, version);
  if (actual.gpus.host.length === 0) return clash;
  if (mayLoadNow(actual, next)) return [...clash, load];
  if (version === undefined || isChanging) return [];
  const waiting = afterBoot(actual, next, version);
  return [...clash, ...waiting, ...(waiting.length === 0 ? idle(actual, version) : [])];
};
