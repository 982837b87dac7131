import type { Refusal } from '../../engine/action.ts';
import { UNINSTALLER } from '../../facts/nvidia-driver.ts';
import type { Actual, Desired } from './schema.ts';

const refusal = (refuses: string, path: string, from: string | null, to: string): Refusal => ({
  refuses,
  changes: [{ path, from, to }],
});

/** Two ways of installation write over each other. */
const isOtherwise = ({ source }: Desired, { byInstaller, rivals }: Actual): Refusal[] => {
  if (source === 'package' && byInstaller)
    return [
      refusal(
        `the driver that is here was installed by NVIDIA's own installer (${UNINSTALLER}), and packages would write over it; run \`nvidia-uninstall\` first`,
        'source',
        'runfile',
        'package',
      ),
    ];
  return source === 'runfile' && rivals.length > 0
    ? [
        refusal(
          `a driver of ${rivals.join(', ')} is installed, and NVIDIA's own installer would write over it; remove the packages first`,
          'source',
          'package',
          'runfile',
        ),
      ]
    : [];
};

export const refuse = (want: Desired, actual: Actual): Refusal[] => [
  ...isOtherwise(want, actual),
  ...(actual.next === undefined
    ? [
        refusal(
          'there is no kernel in /boot with modules in /lib/modules: nothing to build a driver for',
          'kernel',
          null,
          'one that boots',
        ),
      ]
    : []),
];
