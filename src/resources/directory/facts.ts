import type { CommandFact } from '../../host/host.ts';
import type { Acl } from './acl.ts';

interface Block {
  readonly path: string;
  readonly access: string[];
  readonly inherited: string[];
}

const HEADER = '# file: ';
const DEFAULT = 'default:';

/** getfacl doubles the backslash, and writes control characters, which our paths have not, as `\ooo`. */
const unquoted = (path: string): string => path.replaceAll('\\\\', '\\');

const parseAcls = (stdout: string): ReadonlyMap<string, Acl> => {
  const acls = new Map<string, Acl>();
  let block: Block | undefined;
  for (const line of stdout.split('\n')) {
    if (line.startsWith(HEADER)) {
      block = { path: unquoted(line.slice(HEADER.length)), access: [], inherited: [] };
      acls.set(block.path, block);
    } else if (line !== '' && !line.startsWith('#')) {
      if (block === undefined) throw new Error(`getfacl: expected "${HEADER}…" first, found "${line}"`);
      if (line.startsWith(DEFAULT)) block.inherited.push(line.slice(DEFAULT.length));
      else block.access.push(line);
    }
  }
  return acls;
};

/** The ACLs of many directories by their path, with ids in place of names; undefined while acl is not installed. */
export const aclsOf = (paths: readonly string[]): CommandFact<ReadonlyMap<string, Acl> | undefined> => ({
  name: `getfacl ${paths.join('\0')}`,
  command: {
    program: 'getfacl',
    args: ['--absolute-names', '--numeric', '--no-effective', '--', ...paths],
    // 1: one of them is gone; the others are printed (acl 2.3.1). The missing one counts as unreadable.
    okCodes: [0, 1],
    maxOutput: 16 * 1024 * 1024,
  },
  absent: undefined,
  parse: parseAcls,
});
