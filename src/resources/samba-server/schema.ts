import { z } from 'zod';
import { lineOf, lines, optionLines, optionsBeside, text } from '../../facts/samba/fields.ts';

/** What `parametersOf` may set. */
const FIELDS = [
  'workgroup',
  'server string',
  'interfaces',
  'bind interfaces only',
  'server min protocol',
  'server signing',
  'server smb encrypt',
  'map to guest',
  'disable netbios',
  'smb ports',
  'usershare max shares',
  'usershare allow guests',
  'unix password sync',
];

export const desired = z.strictObject({
  workgroup: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/,
      'expected a name of at most 15 letters, digits, `-`, `_` and `.`',
    )
    .default('WORKGROUP')
    .meta({ description: 'the workgroup or NT domain that clients see' }),
  serverString: text.optional().meta({ description: 'how the server describes itself' }),
  interfaces: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9:][A-Za-z0-9.:_*?/-]*$/, 'expected a network interface, an address or a network'),
    )
    .default([])
    .meta({
      description:
        'interfaces, addresses or networks to listen on, and no others; all if left out. Keep `lo`: local tools use it',
    }),
  minProtocol: z
    .enum(['SMB2_02', 'SMB2_10', 'SMB3_00', 'SMB3_02', 'SMB3_11'])
    .default('SMB2_02')
    .meta({ description: 'the oldest protocol that is spoken; SMB1 cannot be asked for' }),
  signing: z.enum(['default', 'desired', 'required']).default('default').meta({
    description: 'whether packets are signed; default is that of the version of Samba',
  }),
  encryption: z.enum(['default', 'desired', 'required', 'off']).default('default').meta({
    description: 'whether traffic is encrypted; with required clients older than SMB 3 are turned away',
  }),
  mapToGuest: z.enum(['never', 'bad user']).default('never').meta({
    description: 'with `bad user` an unknown user name becomes a guest, a mistyped one too',
  }),
  netbios: z.boolean().default(false).meta({
    description: 'NetBIOS, port 139 and nmbd, for clients that browse as Windows XP did',
  }),
  usershares: z.boolean().default(false).meta({
    description: 'whether members of group sambashare may share directories of their own',
  }),
  unixPasswordSync: z.boolean().default(false).meta({
    description: 'whether a change of the Samba password also changes the Unix password',
  }),
  options: optionsBeside(FIELDS),
  ensure: z.enum(['present', 'absent']).default('present').meta({
    description: 'absent takes out the line in smb.conf and our settings; the package stays',
  }),
});
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  /** [global] of our file; null takes it out. */
  z.strictObject({ op: z.literal('write'), lines: lines.nullable() }),
  /** The line in smb.conf that includes our file. */
  z.strictObject({ op: z.literal('include') }),
  z.strictObject({ op: z.literal('exclude') }),
  z.strictObject({ op: z.literal('reload') }),
]);
export type ServerOp = z.output<typeof ops>;

type Parameters = [name: string, value: string][];

const yes = (is: boolean): string => (is ? 'Yes' : 'No');

/** The parameters that have fields, as testparm writes them. */
export const parametersOf = (want: Desired): Parameters => [
  ['workgroup', want.workgroup.toUpperCase()],
  ...(want.serverString === undefined ? [] : ([['server string', want.serverString]] satisfies Parameters)),
  ...(want.interfaces.length === 0
    ? []
    : ([
        ['interfaces', want.interfaces.join(' ')],
        ['bind interfaces only', 'Yes'],
      ] satisfies Parameters)),
  ['server min protocol', want.minProtocol],
  ['server signing', want.signing],
  ['server smb encrypt', want.encryption],
  ['map to guest', want.mapToGuest === 'never' ? 'Never' : 'Bad User'],
  ['disable netbios', yes(!want.netbios)],
  ['smb ports', want.netbios ? '445 139' : '445'],
  // Debian's own default is 100, that of Samba 0
  ['usershare max shares', want.usershares ? '100' : '0'],
  ['usershare allow guests', 'No'],
  ['unix password sync', yes(want.unixPasswordSync)],
];

export const render = (want: Desired): string[] =>
  [...parametersOf(want), ...optionLines(want.options)].map(lineOf);
