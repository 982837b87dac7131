/** The man pages: `phoenix(8)` from the commands, `phoenix.yaml(5)` from the schemas of sections and kinds. */
import { kinds } from '../../src/resources/index.ts';
import type { StepDefinition } from '../../src/setup/step.ts';
import { STEPS } from '../../src/setup/steps.ts';
import { describedCommands, type DescribedCommand } from '../described-commands.ts';
import { exampleYaml } from '../example-yaml.ts';
import { fieldRows, type FieldRow } from '../field-rows.ts';
import { inputSchema } from '../generate-schema.ts';
import { literal, page, paragraph, section, subsection, tagged } from './roff.ts';

const EXITS: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'in sync, or converged completely'],
  ['1', 'phoenix itself failed: a bug'],
  ['2', 'drift found (`--check`)'],
  ['3', 'held back: something differs that was not allowed to change in this run'],
  ['4', 'failed: a resource failed, or could not be read'],
  ['6', 'drift found, and something could not be read (`--check`)'],
  ['64', 'usage'],
  ['75', 'another run holds the lock'],
  ['77', 'not root, or an untrusted file'],
  ['78', 'the manifest is wrong'],
  ['130, 143', 'stopped by a signal, after the action in hand'],
];

const FILES: readonly (readonly [path: string, what: string])[] = [
  ['/etc/phoenix/phoenix.yaml', 'the manifest, see `phoenix.yaml(5)`'],
  ['/etc/phoenix/secrets', 'secrets that the manifest refers to, for root alone'],
  ['/var/lib/phoenix', 'the lock, the journals and reports of runs, old content of files that were replaced'],
  ['/var/log/phoenix/phoenix.log', 'what changed, what failed, what was held back'],
  ['/usr/share/phoenix/phoenix.schema.json', 'JSON Schema of the manifest, for editors'],
];

const commandPart = ({ usage, summary, description, args, flags, examples }: DescribedCommand): string =>
  subsection(
    usage,
    paragraph(`${summary}.${description === undefined ? '' : ` ${description}`}`),
    ...args.map((one) => tagged(one.name, one.text)),
    ...flags.map((one) => tagged(one.spelled, one.text)),
    ...(examples.length === 0 ? [] : [literal(examples.join('\n'))]),
  );

export const commandPage = async (version: string, epoch: number): Promise<string> =>
  page('phoenix', 8, version, epoch, [
    section('name', 'phoenix \\- converge one Debian or Proxmox VE host to its manifest'),
    section('synopsis', '.B phoenix', 'COMMAND [FLAGS]'),
    section(
      'description',
      paragraph(
        'phoenix brings this host to the state that a manifest describes, and keeps it there. It reads the host, shows the difference as a plan, carries it out, and reads again to see that it holds. A second run changes nothing. All commands but `validate` and `import` need root.',
      ),
    ),
    section('commands', ...(await describedCommands()).map(commandPart)),
    section(
      'steps',
      paragraph('In this order; the names are what `--skip` takes.'),
      ...(STEPS as readonly StepDefinition[]).map(({ number, name, section: key }) =>
        tagged(`${number} ${name}`, `section \`${key}\` of the manifest`),
      ),
    ),
    section('exit status', ...EXITS.map(([code, meaning]) => tagged(code, meaning))),
    section('files', ...FILES.map(([path, what]) => tagged(path, what))),
    section('see also', '.BR phoenix.yaml (5)', paragraph('More is in `/usr/share/doc/phoenix`.')),
  ]);

const meaning = ({ type, otherwise, description }: FieldRow): string =>
  [type, otherwise === '' ? '' : otherwise.startsWith('required') ? otherwise : `${otherwise} unless told`]
    .filter((part) => part !== '')
    .join('; ')
    .concat('. ', description);

const rowsOf = (rows: readonly FieldRow[]): string[] => rows.map((row) => tagged(row.name, meaning(row)));

const sections = (): string[] => {
  const seen = new Set<string>();
  return (STEPS as readonly StepDefinition[]).flatMap(({ section: name, schema }) => {
    // what the list takes are the kinds, below
    if (seen.has(name) || name === 'resources') return [];
    seen.add(name);
    const json = inputSchema(schema);
    const about = paragraph(schema.meta()?.description ?? '');
    const items = json.type === 'array' ? `${name}[].` : `${name}.`;
    const inner = json.type === 'array' && typeof json.items === 'object' ? json.items : json;
    return [subsection(name, about, ...rowsOf(fieldRows(inner as typeof json, items)))];
  });
};

const kindParts = (): string[] =>
  kinds.map(({ type }) =>
    subsection(
      type.kind,
      paragraph(type.summary),
      ...rowsOf(fieldRows(inputSchema(type.desired))),
      literal(exampleYaml(type.examples.slice(0, 2).map((example) => ({ [type.kind]: example })))),
    ),
  );

export const manifestPage = (version: string, epoch: number): string =>
  page('phoenix.yaml', 5, version, epoch, [
    section('name', 'phoenix.yaml \\- the manifest of phoenix: how this host is to be'),
    section(
      'description',
      paragraph(
        'YAML 1.2, one document: a mapping with `version: 1` and the sections below. A section that is absent leaves its step out. A key that is not known is an error. The file must be owned by root and not writable by others.',
      ),
      literal(
        "version: 1\ninitial:\n  timezone: Etc/UTC\nresources:\n  - File: { path: /etc/motd, content: 'Welcome.' }",
      ),
    ),
    section('sections', ...sections()),
    section(
      'kinds',
      paragraph(
        'Each can be declared in the list `resources`, which converges after the steps of the sections. Beside its kind an entry may have `requires` (names of resources, such as `UnixUser[alice]`), `restarts` and `reloads` (units).',
      ),
      ...kindParts(),
    ),
    section('see also', '.BR phoenix (8)'),
  ]);
