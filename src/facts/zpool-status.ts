import type { CommandFact } from '../host/host.ts';
import { parseConfig, type PoolConfig } from './zpool-config.ts';

/** An imported pool, as zpool-status(8) has it. */
export interface PoolStatus {
  readonly name: string;
  /** ONLINE, DEGRADED, FAULTED, UNAVAIL, SUSPENDED. */
  readonly state: string;
  /** What zpool says about the state, on one line. */
  readonly status?: string;
  /** A scrub or resilver, the last one or the one that is under way. */
  readonly scan?: string;
  readonly errors?: string;
  readonly config: PoolConfig;
}

/** `  state: ONLINE`, with lines that go on after a tab. */
const FIELD = /^ *(pool|id|state|status|action|see|scan|checkpoint|remove|expand|config|errors): ?(.*)$/;

export interface Section {
  readonly fields: ReadonlyMap<string, string>;
  readonly config: readonly string[];
}

/** Takes the output apart into one section a pool: its fields, and the lines below `config:`. */
export const sectionsOf = (stdout: string): Section[] => {
  const sections: { fields: Map<string, string>; config: string[] }[] = [];
  let field = '';
  for (const line of stdout.split('\n')) {
    const [, name, text = ''] = FIELD.exec(line) ?? [];
    if (name === 'pool') sections.push({ fields: new Map(), config: [] });
    const section = sections.at(-1);
    if (section === undefined) continue;
    if (name !== undefined) {
      field = name;
      section.fields.set(name, text);
    } else if (field === 'config') section.config.push(line);
    else if (line.trim() !== '')
      section.fields.set(field, `${section.fields.get(field) ?? ''} ${line.trim()}`);
  }
  return sections;
};

export const fieldOf = ({ fields }: Section, name: string): string => {
  const value = fields.get(name);
  if (value === undefined) throw new Error(`zpool: a pool without "${name}:"`);
  return value.trim();
};

/** zpool speaks in sentences; ours go on after them. */
export const sentenceOf = (text: string | undefined): string | undefined => text?.trim().replace(/\.$/, '');

const optional = ({ fields }: Section, name: string): Record<string, string> => {
  const value = sentenceOf(fields.get(name));
  return value === undefined || value === '' ? {} : { [name]: value };
};

const poolOf = (section: Section): PoolStatus => ({
  name: fieldOf(section, 'pool'),
  state: fieldOf(section, 'state'),
  ...optional(section, 'status'),
  ...optional(section, 'scan'),
  ...optional(section, 'errors'),
  config: parseConfig(section.config),
});

/**
 * All imported pools. The text, not the JSON that OpenZFS has since 2.3: one reader for 2.1 and later, and the text has
 * where a missing disk was last seen. Undefined where zpool is not installed.
 */
export const poolStatuses: CommandFact<readonly PoolStatus[] | undefined> = {
  name: 'zpool status',
  command: { program: 'zpool', args: ['status', '-P'] },
  absent: undefined,
  parse: (stdout) => sectionsOf(stdout).map(poolOf),
};
