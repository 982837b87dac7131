/** Rules that hold between the fields of a storage. */
import { RULES, TYPED_FIELDS, type Content, type StorageType } from './types.ts';

interface Problem {
  readonly path: string;
  readonly message: string;
}

interface Declared {
  readonly type?: StorageType | undefined;
  readonly content?: readonly Content[] | undefined;
  readonly shared?: boolean | undefined;
  readonly isMountpoint: boolean | string;
  readonly username?: string | undefined;
  readonly password?: object | undefined;
  readonly path?: string | undefined;
  readonly ensure: 'present' | 'absent';
}

const isDeclared = (want: Declared, field: string): boolean =>
  // its default, true, cannot be told from a declaration
  field !== 'isMountpoint' && (want as unknown as Record<string, unknown>)[field] !== undefined;

const fieldProblems = (want: Declared, type: StorageType): Problem[] => {
  const { required, optional } = RULES[type];
  const allowed = new Set([...required, ...optional]);
  return [
    ...required
      .filter((field) => !isDeclared(want, field))
      .map((field) => ({
        path: field,
        message: `expected a \`${field}\`: a storage of type ${type} needs one`,
      })),
    ...TYPED_FIELDS.filter((field) => isDeclared(want, field) && !allowed.has(field)).map((field) => ({
      path: field,
      message: `a storage of type ${type} has no \`${field}\``,
    })),
  ];
};

const contentProblems = ({ content = [] }: Declared, type: StorageType): Problem[] => {
  const { content: allowed } = RULES[type];
  const wrong = content.filter((one) => !allowed.includes(one));
  if (wrong.length > 0)
    return [
      {
        path: 'content',
        message: `a storage of type ${type} cannot hold ${wrong.join(', ')}: only ${allowed.join(', ')}`,
      },
    ];
  return content.includes('none') && content.length > 1
    ? [{ path: 'content', message: '`none` goes with no other content' }]
    : [];
};

const sharedProblems = ({ shared }: Declared): Problem[] =>
  shared === true
    ? [
        {
          path: 'shared',
          message:
            'a directory is not shared by saying so: Proxmox VE would believe that all nodes see the same files, and lose disks when it moves guests; use nfs or cifs',
        },
      ]
    : [];

const mountpointProblems = ({ isMountpoint, path = '' }: Declared): Problem[] =>
  typeof isMountpoint === 'string' && path !== isMountpoint && !path.startsWith(`${isMountpoint}/`)
    ? [{ path: 'isMountpoint', message: `expected \`path\` itself or a directory above it (${path})` }]
    : [];

export const checkFields = (want: Declared): Problem[] => {
  if (want.ensure === 'absent') return [];
  const { type } = want;
  if (type === undefined) return [{ path: 'type', message: 'expected a `type`' }];
  return [
    ...fieldProblems(want, type),
    ...contentProblems(want, type),
    ...sharedProblems(want),
    ...(type === 'dir' ? mountpointProblems(want) : []),
    ...(want.password !== undefined && want.username === undefined
      ? [{ path: 'password', message: 'a password belongs to a `username`, which is not given' }]
      : []),
  ];
};
