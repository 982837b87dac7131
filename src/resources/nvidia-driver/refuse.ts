import type { Refusal } from '../../engine/action.ts';
import { UNINSTALLER } from '../../facts/nvidia-driver.ts';
import type { Actual, Desired } from './schema.ts';

export const refuse = (_: Desired, { foreign, next }: Actual): Refusal[] => [
  ...(foreign
    ? [
        {
          refuses: `the driver that is here was installed by NVIDIA's own installer (${UNINSTALLER}), and packages would write over it; run \`nvidia-uninstall\` first`,
          changes: [{ path: 'source', from: 'runfile', to: 'package' }],
        },
      ]
    : []),
  ...(next === undefined
    ? [
        {
          refuses: 'there is no kernel in /boot with modules in /lib/modules: nothing to build a driver for',
          changes: [{ path: 'kernel', from: null, to: 'one that boots' }],
        },
      ]
    : []),
];
