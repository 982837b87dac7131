import type { Action, Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import {
  modeBits,
  modeText,
  onlyOwnership,
  ownershipChanges,
  type Ownership,
} from '../../facts/ownership.ts';
import type { Actual } from './read.ts';
import type { Desired, PlaceholderOp } from './schema.ts';

const ownershipWanted = ({ owner, group, mode }: Desired): Ownership => ({
  owner,
  group,
  mode: modeText(modeBits(mode)),
});

const create = (want: Desired): Action<PlaceholderOp> => {
  const owned = ownershipWanted(want);
  return {
    does: { op: 'create', path: want.path, purpose: want.purpose, ...owned },
    description: `create ${want.path} (${owned.owner}:${owned.group}, ${owned.mode}), to be filled by you: ${want.purpose}`,
    risk: 'safe',
    changes: ownershipChanges(owned, undefined),
    undo: { by: { op: 'remove', path: want.path } },
  };
};

const setMeta = (want: Desired, found: Actual): Action<PlaceholderOp>[] => {
  const { path } = want;
  const to = ownershipWanted(want);
  const changes = ownershipChanges(to, found);
  if (changes.length === 0) return [];
  return [
    {
      does: { op: 'set-meta', path, ...to },
      description: `set ${changes.map((change) => `${change.path} ${String(change.to)}`).join(', ')} of ${path}`,
      risk: 'safe',
      changes,
      undo: { by: { op: 'set-meta', path, ...onlyOwnership(found) } },
    },
  ];
};

const refusal = ({ path }: Desired, { type, links }: Actual): Finding<PlaceholderOp>[] => {
  if (type !== 'file')
    return [
      {
        refuses: `${path} is no regular file; move it away`,
        changes: [{ path: 'type', from: type, to: 'file' }],
      },
    ];
  return links === 1
    ? []
    : [
        {
          refuses: `${path} has ${links} names (hard links), so the secret is elsewhere, too; find them with \`find / -samefile ${path}\` and remove them`,
          changes: [{ path: 'names', from: links, to: 1 }],
        },
      ];
};

export const diff = (want: Desired, reading: Known<Actual>): Finding<PlaceholderOp>[] => {
  if (reading.is === 'absent') return [create(want)];
  const found = reading.value;
  const refused = refusal(want, found);
  if (refused.length > 0) return refused;
  return [
    ...setMeta(want, found),
    ...(found.waits
      ? [{ remarks: `${want.path} waits for its secret: ${want.purpose}; write it there` }]
      : []),
  ];
};
