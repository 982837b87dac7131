/** The files of a unit: where they are, and how one knows ours. */
import type { Desired } from './schema.ts';

export const FOLDER = '/etc/systemd/system';

const headerOf = (unit: string): string => `# managed by phoenix: SystemdUnit[${unit}]\n`;

/** With the first line by which a file is known as ours. */
const marked = (unit: string, content: string): string =>
  headerOf(unit) + content + (content.endsWith('\n') ? '' : '\n');

export const isOurs = (unit: string, text: string): boolean => text.startsWith(headerOf(unit));

/** A unit file as the manifest has it. */
export const unmarked = (unit: string, text: string): string =>
  isOurs(unit, text) ? text.slice(headerOf(unit).length) : text;

export const dropinOf = (unit: string, name: string): string => `${unit}.d/${name}`;

/** All that the manifest wants, by the path below the folder. */
export const filesOf = ({ name, content, dropins }: Desired): Readonly<Record<string, string>> => ({
  ...(content === undefined ? {} : { [name]: marked(name, content) }),
  ...Object.fromEntries(
    Object.entries(dropins).map(([dropin, text]) => [dropinOf(name, dropin), marked(name, text)]),
  ),
});
