import { z } from 'zod';
import type { Action, Finding } from '../../engine/action.ts';
import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import type { FileInfo } from '../../host/host.ts';
import { absolutePath, parentRefs } from '../../facts/paths.ts';

const desired = z.strictObject({
  path: absolutePath.meta({ description: 'where the symlink is' }),
  target: z
    .string()
    .min(1)
    .regex(/^[^\0\n]+$/)
    .meta({ description: 'what it points to, as stored: relative targets stay relative, and may dangle' }),
  ensure: z
    .enum(['present', 'absent'])
    .default('present')
    .meta({ description: 'absent removes the symlink, and nothing else that stands in its place' }),
  replace: z.boolean().default(false).meta({
    description:
      'replace a real file or directory that stands in its place; what was there is kept in the backup',
  }),
});

const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('link'),
    path: z.string(),
    target: z.string(),
    displace: z.boolean(),
  }),
  z.strictObject({ op: z.literal('unlink'), path: z.string() }),
]);

type Desired = z.output<typeof desired>;
type SymlinkOp = z.output<typeof ops>;
interface Actual {
  readonly type: FileInfo['type'];
  readonly target?: string;
}

const refuse = (want: Desired, found: Actual): Finding<SymlinkOp> => ({
  refuses:
    `${want.path} is a ${found.type === 'other' ? 'special file' : found.type}, not a symlink` +
    (want.ensure === 'present' ? '; move it away, or set `replace: true` to keep it in the backup' : ''),
  changes: [{ path: 'type', from: found.type, to: want.ensure === 'present' ? 'symlink' : 'absent' }],
});

const link = (want: Desired, found: Actual | undefined): Action<SymlinkOp> => {
  const displace = found !== undefined && found.type !== 'symlink';
  return {
    does: { op: 'link', path: want.path, target: want.target, displace },
    description: `${found ? (displace ? `replace the ${found.type} by a symlink` : 'point the symlink') : 'create the symlink'} to ${want.target}`,
    risk: displace ? 'disruptive' : 'safe',
    changes: displace
      ? [{ path: 'type', from: found.type, to: 'symlink' }]
      : [{ path: 'target', from: found?.target ?? null, to: want.target }],
    undo: displace
      ? { none: `the ${found.type} is kept in the backup folder; put it back by hand` }
      : found?.target === undefined
        ? { by: { op: 'unlink', path: want.path } }
        : { by: { op: 'link', path: want.path, target: found.target, displace: false } },
  };
};

const unlink = (want: Desired, target: string): Action<SymlinkOp> => ({
  does: { op: 'unlink', path: want.path },
  description: `remove the symlink to ${target}`,
  risk: 'safe',
  changes: [{ path: 'target', from: target, to: null }],
  undo: { by: { op: 'link', path: want.path, target, displace: false } },
});

export default defineResource({
  kind: 'Symlink',
  summary:
    'A symlink with the target as stored. Never touches what it points to, and replaces a real file or directory only when told.',
  desired,
  ops,
  examples: [
    { path: '/usr/local/bin/phoenix', target: '/opt/phoenix/bin/phoenix' },
    { path: '/etc/old-link', target: 'elsewhere', ensure: 'absent' },
  ],

  key: (want) => want.path,
  requires: (want) => parentRefs(want.path),
  owns: (want) => [`path:${want.path}`],

  read: (host, all) =>
    readEach(
      all,
      (want) => want.path,
      (want) => {
        const info = host.lstat(want.path);
        if (info === undefined) return absent;
        return present<Actual>({
          type: info.type,
          ...(info.target === undefined ? {} : { target: info.target }),
        });
      },
    ),

  diff(want, actual) {
    const found = actual.is === 'present' ? actual.value : undefined;
    const isLink = found?.type === 'symlink';
    if (want.ensure === 'absent') {
      if (found === undefined) return [];
      return [isLink ? unlink(want, found.target ?? '') : refuse(want, found)];
    }
    if (isLink && found.target === want.target) return [];
    if (found !== undefined && !isLink && !want.replace) return [refuse(want, found)];
    return [link(want, found)];
  },

  async converge(op, host) {
    switch (op.op) {
      case 'link':
        host.symlink(op.target, op.path, { displace: op.displace });
        return;
      case 'unlink':
        host.removeFile(op.path);
        return;
    }
    await Promise.resolve();
  },
});
