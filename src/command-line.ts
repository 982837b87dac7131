/** The command line: oclif with what this program needs of it, and nothing that the environment could name as code. */
import { Config, Plugin, run, type Interfaces } from '@oclif/core';
import { fileURLToPath } from 'node:url';
import { UsageError } from './commands/errors.ts';
import { COMMANDS, FOR_PEOPLE, type CommandClass } from './commands/index.ts';
import { version } from './installation.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const PJSON = {
  name: 'phoenix',
  version,
  type: 'module',
  oclif: { bin: 'phoenix', dirname: 'phoenix', topicSeparator: ' ' },
} as unknown as Interfaces.PJSON;

/** A plugin whose commands are this program's imports: oclif looks for no file. */
class BuiltIn extends Plugin {
  constructor() {
    super({ isRoot: true, pjson: PJSON, root: ROOT });
    Object.assign(this, {
      name: PJSON.name,
      pjson: PJSON,
      root: ROOT,
      version,
      type: 'core',
      valid: true,
      hooks: {},
      isRoot: true,
    });
    this.commands = [];
  }

  override findCommand(id: string): Promise<CommandClass> {
    const load = COMMANDS[id];
    if (load === undefined) throw new UsageError(unknownCommand(id));
    return load();
  }

  /** What help prints needs every command's summary and flags. */
  async describeAll(): Promise<void> {
    this.commands = await Promise.all(
      Object.entries(COMMANDS).map(async ([id, load]) => {
        const { summary, description, flags, args, examples, hidden } = await load();
        const named = Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, name }]));
        const described = { id, summary, description, flags, args: named, examples, load };
        return { ...described, aliases: [], hiddenAliases: [], hidden };
      }),
    );
  }
}

/**
 * No user, dev or just-in-time plugin is ever loaded: oclif looks for user plugins in a folder that XDG_DATA_HOME
 * names, which would run as root.
 */
const configFor = async (plugin: BuiltIn): Promise<Config> => {
  const plugins = new Map([[PJSON.name, plugin]]);
  const config = new Config({
    root: ROOT,
    pjson: PJSON,
    plugins,
    userPlugins: false,
    devPlugins: false,
    jitPlugins: false,
  });
  await config.load();
  return config;
};

const unknownCommand = (id: string): string =>
  `"${id}" is not a command; the commands are ${FOR_PEOPLE.join(', ')} (phoenix --help)`;

const wantsHelp = (argv: readonly string[]): boolean => {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.length === 0 || own.some((word) => word === '--help' || word === '-h' || word === 'help');
};

export const dispatch = async (argv: readonly string[]): Promise<void> => {
  const plugin = new BuiltIn();
  const [id, ...rest] = argv;
  if (wantsHelp(argv)) {
    await plugin.describeAll();
    await run(
      argv.filter((word) => word !== 'help').concat(id === 'help' ? ['--help'] : []),
      await configFor(plugin),
    );
  } else if (id === '--version') {
    process.stdout.write(`phoenix ${version}\n`);
  } else {
    const command = await plugin.findCommand(id ?? '');
    command.id = id ?? '';
    await command.run(rest, await configFor(plugin));
  }
};
