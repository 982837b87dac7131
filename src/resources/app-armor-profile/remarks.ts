import type { Remark } from '../../engine/action.ts';
import type { Actual } from './read.ts';
import type { Unconfined } from './processes.ts';
import type { Desired } from './schema.ts';

/** Nothing but a restart confines what runs already, and when that suits is not for phoenix to say. */
const unconfinedRemark = ({ pid, program, profile, unit }: Unconfined): string =>
  `process ${pid} (${program}) runs unconfined: it was started before ${profile} was loaded; ` +
  `restart it${unit === undefined ? '' : ` (it is of ${unit})`}`;

const ownMode = (want: Desired, { profiles }: Actual): string[] => {
  if (want.mode !== 'enforce') return [];
  const loose = profiles.filter(({ loaded }) => loaded?.same && loaded.mode !== 'enforce');
  return loose.map(({ name, loaded }) => `${name} is loaded as ${loaded?.mode ?? ''}: its own flags say so`);
};

const noHash = ({ profiles }: Actual): string[] =>
  profiles.some(({ loaded }) => loaded?.same === null)
    ? [
        'the kernel keeps no hash of what was loaded, so only names and modes are compared; boot with apparmor.export_binary=1',
      ]
    : [];

export const remarksOf = (want: Desired, actual: Actual): Remark[] =>
  [...actual.unconfined.map(unconfinedRemark), ...ownMode(want, actual), ...noHash(actual)].map(
    (remarks) => ({
      remarks,
    }),
  );
