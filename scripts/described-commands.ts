/** What the commands say of themselves, for pages and completions. */
import type { Command, Interfaces } from '@oclif/core';
import { COMMANDS, FOR_PEOPLE, type CommandClass } from '../src/commands/index.ts';

type Flag = Command.Flag.Any;

export interface DescribedFlag {
  readonly name: string;
  /** As on a command line, with what it takes. */
  readonly spelled: string;
  readonly text: string;
  readonly takesValue: boolean;
  readonly values: readonly string[];
  readonly helpValue: string;
}

export interface DescribedCommand {
  readonly id: string;
  readonly usage: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly args: readonly {
    readonly name: string;
    readonly text: string;
    readonly required: boolean;
    readonly values: readonly string[];
  }[];
  readonly flags: readonly DescribedFlag[];
  readonly examples: readonly string[];
}

const valueOf = (name: string, flag: Flag): string => {
  if (flag.type === 'boolean') return '';
  if (flag.options !== undefined) return flag.options.join('|');
  return [flag.helpValue ?? name.toUpperCase()].flat().join(' ');
};

const defaultOf = ({ default: value }: Flag): string =>
  typeof value === 'string' ? `; \`${value}\` unless told` : '';

const describedFlag = ([name, flag]: [string, Flag]): DescribedFlag => {
  const value = valueOf(name, flag);
  const negatable = flag.type === 'boolean' && flag.allowNo;
  return {
    name,
    spelled: `--${negatable ? '[no-]' : ''}${name}${value === '' ? '' : ` ${value}`}`,
    text: `${flag.description ?? ''}${defaultOf(flag)}`,
    takesValue: flag.type !== 'boolean',
    values: flag.type === 'boolean' ? [] : (flag.options ?? []),
    helpValue: value,
  };
};

const usageOf = (id: string, args: DescribedCommand['args']): string =>
  [`phoenix ${id}`, ...args.map(({ name, required }) => (required ? name : `[${name}]`)), '[FLAGS]'].join(
    ' ',
  );

const described = (id: string, command: CommandClass): DescribedCommand => {
  const args = (Object.entries(command.args) as [string, Interfaces.Arg<unknown>][]).map(
    ([name, { description, required, options }]) => ({
      name: name.toUpperCase(),
      text: description ?? '',
      required: required === true,
      values: options ?? [],
    }),
  );
  // Not set on a command without examples, whatever oclif's types say.
  const given = (command.examples as readonly Command.Example[] | undefined) ?? [];
  return {
    id,
    usage: usageOf(id, args),
    summary: command.summary ?? '',
    description: command.description,
    args,
    flags: (Object.entries(command.flags) as [string, Flag][]).map(describedFlag),
    examples: given.map((example) =>
      (typeof example === 'string' ? example : example.command).replace('<%= config.bin %>', 'phoenix'),
    ),
  };
};

export const describedCommands = async (): Promise<DescribedCommand[]> =>
  await Promise.all(FOR_PEOPLE.map(async (id) => described(id, await COMMANDS[id]!())));
