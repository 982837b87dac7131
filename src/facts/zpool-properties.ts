import type { CommandFact } from '../host/host.ts';

/** Properties of all imported pools, exact numbers (zpoolprops(7)): pool → property → value. */
export const poolProperties: CommandFact<ReadonlyMap<string, Readonly<Record<string, string>>>> = {
  name: 'zpool get',
  command: { program: 'zpool', args: ['get', '-Hp', '-o', 'name,property,value', 'all'] },
  absent: new Map(),
  parse: (stdout) => {
    const pools = new Map<string, Record<string, string>>();
    for (const line of stdout.split('\n').filter((text) => text !== '')) {
      const [name, property, ...value] = line.split('\t');
      if (name === undefined || property === undefined || value.length === 0)
        throw new Error(`zpool get: not the line that was asked for: "${line}"`);
      const known = pools.get(name) ?? {};
      known[property] = value.join('\t');
      pools.set(name, known);
    }
    return pools;
  },
};
