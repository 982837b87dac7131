import type { Desired, Rule } from './schema.ts';

/** sudo takes these backslashes away again before it matches, so that wildcards keep their own (sudoers(5)). */
const escape = (command: string): string => command.replace(/[\\,:=#]/g, '\\$&');

const renderRule = ({ user, group, host, runAs, nopasswd, commands }: Rule): string => {
  const who = user ?? `%${group ?? ''}`;
  return `${who} ${host}=(${runAs}) ${nopasswd ? 'NOPASSWD: ' : ''}${commands.map(escape).join(', ')}`;
};

export const render = ({ name, rules }: Desired): string =>
  [`# managed by phoenix: SudoRule[${name}]`, ...rules.map(renderRule), ''].join('\n');
