/** resolv.conf(5) as text. */
import { normalAddress } from '../../facts/addresses.ts';

export const PATH = '/etc/resolv.conf';

export interface Settings {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** Of `search` and `domain` the last line counts; options add up. */
export const parse = (text: string): Settings => {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*[#;]/.test(line))
    .map((line) => line.trim().split(/\s+/));
  const of = (...names: string[]): string[][] =>
    lines.filter(([name = '']) => names.includes(name)).map(([, ...words]) => words);
  return {
    nameservers: of('nameserver').map(([address = '']) => normalAddress(address)),
    search: (of('search', 'domain').at(-1) ?? []).map((domain) => domain.toLowerCase().replace(/\.$/, '')),
    options: [...new Set(of('options').flat())].sort(),
  };
};

export const normal = ({ nameservers, search, options }: Settings): Settings => ({
  nameservers: nameservers.map(normalAddress),
  search: search.map((domain) => domain.toLowerCase()),
  options: [...options].sort(),
});

export const render = ({ nameservers, search, options }: Settings): string =>
  [
    '# managed by phoenix: Resolver[system]',
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
    '',
  ].join('\n');
