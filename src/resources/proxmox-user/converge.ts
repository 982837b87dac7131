import type { Host } from '../../host/host.ts';
import type { Fields, UserOp } from './schema.ts';

const options = ({ enable, expire, ...texts }: Fields): string[] => [
  ...(enable === undefined ? [] : ['--enable', enable ? '1' : '0']),
  ...(expire === undefined ? [] : ['--expire', String(expire)]),
  // an empty text clears the field
  ...Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [`--${key}`, value] : [])),
];

const fieldsOf = (op: Extract<UserOp, { op: 'add' | 'modify' }>): Fields => {
  const { op: _op, user: _user, ...fields } = op;
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'groups'));
};

const argumentsOf = (op: UserOp): string[] => {
  switch (op.op) {
    case 'add':
      return [
        'add',
        op.user,
        ...options(fieldsOf(op)),
        ...(op.groups.length > 0 ? ['--groups', op.groups.join(',')] : []),
      ];
    case 'modify':
      return ['modify', op.user, ...options(fieldsOf(op))];
    case 'join':
      return ['modify', op.user, '--groups', op.groups.join(','), '--append', '1'];
    case 'set-groups':
      return ['modify', op.user, '--groups', op.groups.join(',')];
    case 'remove':
      return ['delete', op.user];
  }
};

export const converge = async (op: UserOp, host: Host): Promise<void> => {
  await host.run({ program: 'pveum', args: ['user', ...argumentsOf(op)] });
};
