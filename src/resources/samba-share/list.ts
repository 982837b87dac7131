import type { z } from 'zod';
import { readSambaFiles } from '../../facts/samba/files.ts';
import { membersOf } from '../../facts/samba/parameters.ts';
import { sameName, settingsOf } from '../../facts/samba/sections.ts';
import type { HostReader } from '../../host/host.ts';
import { desired } from './schema.ts';

const FIELDS: Readonly<Record<string, (value: string) => Record<string, unknown>>> = {
  path: (path) => ({ path }),
  comment: (comment) => ({ comment }),
  'read only': (value) => ({ readOnly: value === 'Yes' }),
  browseable: (value) => ({ browseable: value === 'Yes' }),
  'guest ok': (value) => ({ guestOk: value === 'Yes' }),
  'valid users': (value) => ({ validUsers: membersOf(value) }),
  'invalid users': (value) => ({ invalidUsers: membersOf(value) }),
  'read list': (value) => ({ readList: membersOf(value) }),
  'write list': (value) => ({ writeList: membersOf(value) }),
  'hosts allow': (value) => ({ hostsAllow: membersOf(value) }),
  'hosts deny': (value) => ({ hostsDeny: membersOf(value) }),
  'create mask': (createMask) => ({ createMask }),
  'directory mask': (directoryMask) => ({ directoryMask }),
  'force user': (forceUser) => ({ forceUser }),
  'force group': (forceGroup) => ({ forceGroup }),
  'vfs objects': (value) => ({ vfsObjects: membersOf(value) }),
};

const entryOf = (name: string, lines: readonly string[]): Record<string, unknown> => {
  const options: Record<string, string> = {};
  const fields: Record<string, unknown> = { name };
  for (const [parameter, value] of settingsOf(lines)) {
    const field = FIELDS[parameter];
    if (field === undefined) options[parameter] = value;
    else Object.assign(fields, field(value));
  }
  return Object.keys(options).length === 0 ? fields : { ...fields, options };
};

/** Our own shares: those of others are theirs, and would be refused. */
export const list = (host: HostReader): Promise<readonly z.input<typeof desired>[]> =>
  Promise.resolve(
    readSambaFiles(host)
      .own.filter(({ name }) => sameName(name) !== 'global')
      .flatMap(({ name, lines }) => {
        const entry = desired.safeParse(entryOf(name, lines));
        return entry.success ? [entryOf(name, lines) as z.input<typeof desired>] : [];
      }),
  );
