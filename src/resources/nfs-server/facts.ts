import type { CommandFact } from '../../host/host.ts';

/** Ports by program, such as `mountd`; each has a few, one a protocol and version. */
export type Ports = ReadonlyMap<string, ReadonlySet<number>>;

const PROGRAMS: Readonly<Record<string, string>> = {
  '100005': 'mountd',
  '100024': 'statd',
  '100021': 'lockd',
};

const parsePorts = (stdout: string): Ports => {
  const ports = new Map<string, Set<number>>();
  for (const line of stdout.split('\n').slice(1)) {
    const [, program = '', port = ''] = /^\s*(\d+)\s+\d+\s+\w+\s+(\d+)/.exec(line) ?? [];
    const name = PROGRAMS[program];
    if (name === undefined) continue;
    const known = ports.get(name) ?? new Set();
    ports.set(name, known.add(Number(port)));
  }
  return ports;
};

/** What has told rpcbind its ports, rpcinfo(8). Undefined where rpcbind does not answer. */
export const rpcPorts: CommandFact<Ports | undefined> = {
  name: 'rpcinfo',
  command: { program: 'rpcinfo', args: ['-p', '127.0.0.1'], okCodes: [0, 1], timeout: 30_000 },
  absent: undefined,
  parse: (stdout, { code }) => (code === 0 ? parsePorts(stdout) : undefined),
};
