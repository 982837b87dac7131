import type { Host } from '../../host/host.ts';
import type { AclOp } from './schema.ts';

const OPTIONS = { user: '--users', group: '--groups', token: '--tokens' } as const;

export const converge = async (op: AclOp, host: Host): Promise<void> => {
  const { path, type, subject, role } = op;
  const verb = op.op === 'grant' ? 'modify' : 'delete';
  const propagate = op.op === 'grant' ? ['--propagate', op.propagate ? '1' : '0'] : [];
  await host.run({
    program: 'pveum',
    args: ['acl', verb, path, OPTIONS[type], subject, '--roles', role, ...propagate],
  });
};
