import type { FileFact, HostReader } from '../host/host.ts';

/** One line of passwd(5). */
export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
}

/** One line of group(5). */
export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const linesOf = (content: string): string[] => content.split('\n').filter((line) => line !== '');

const parsePasswdLine = (line: string): PasswdEntry => {
  const fields = line.split(':');
  const [name, , uid, gid, gecos, home, shell] = fields;
  if (fields.length !== 7 || !name) throw new Error(`/etc/passwd: not a passwd(5) line: "${line}"`);
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    gecos: gecos ?? '',
    home: home ?? '',
    shell: shell ?? '',
  };
};

const parseGroupLine = (line: string): GroupEntry => {
  const fields = line.split(':');
  const [name, , gid, members] = fields;
  if (fields.length !== 4 || !name) throw new Error(`/etc/group: not a group(5) line: "${line}"`);
  return { name, gid: Number(gid), members: (members ?? '').split(',').filter((member) => member !== '') };
};

const firstByName = <E extends { readonly name: string }>(entries: readonly E[]): ReadonlyMap<string, E> => {
  const found = new Map<string, E>();
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry);
  return found;
};

/** Local accounts by name (passwd(5)); the first of two lines with one name counts, as in the C library. */
export const passwd: FileFact<ReadonlyMap<string, PasswdEntry>> = {
  name: 'passwd',
  path: '/etc/passwd',
  absent: new Map(),
  parse: (content) => firstByName(linesOf(content).map(parsePasswdLine)),
};

/** Local groups by name (group(5)). */
export const group: FileFact<ReadonlyMap<string, GroupEntry>> = {
  name: 'group',
  path: '/etc/group',
  absent: new Map(),
  parse: (content) => firstByName(linesOf(content).map(parseGroupLine)),
};

/** Turns names into ids and back, both ways from one read. */
export interface Accounts {
  uid(name: string): number | undefined;
  gid(name: string): number | undefined;
  userName(uid: number): string;
  groupName(gid: number): string;
}

const byId = <E>(entries: Iterable<E>, id: (entry: E) => number): ReadonlyMap<number, E> => {
  const found = new Map<number, E>();
  for (const entry of entries) if (!found.has(id(entry))) found.set(id(entry), entry);
  return found;
};

/** Numbers are accepted as names, as chown(1) does; an id without a name shows as its number. */
export const accountsOf = async (host: HostReader): Promise<Accounts> => {
  const users = await host.fact(passwd);
  const groups = await host.fact(group);
  const userById = byId(users.values(), (user) => user.uid);
  const groupById = byId(groups.values(), (entry) => entry.gid);
  const numeric = (name: string) => (/^\d+$/.test(name) ? Number(name) : undefined);
  return {
    uid: (name) => users.get(name)?.uid ?? numeric(name),
    gid: (name) => groups.get(name)?.gid ?? numeric(name),
    userName: (uid) => userById.get(uid)?.name ?? String(uid),
    groupName: (gid) => groupById.get(gid)?.name ?? String(gid),
  };
};
