import { POLICY } from '../../facts/apparmor/folder.ts';
import type { Desired, DropIn } from './schema.ts';

export const folderOf = (name: DropIn): string => `tunables/${name}.d`;

export const pathOf = (name: DropIn): string => `${POLICY}/${folderOf(name)}/phoenix`;

const listed = (values: readonly string[]): string => values.map((value) => `"${value}"`).join(' ');

export const render = ({ name, append, define, aliases }: Desired): string =>
  [
    `# managed by phoenix: AppArmorTunable[${name}]`,
    ...Object.entries(define).map(([variable, values]) => `@{${variable}}=${listed(values)}`),
    ...Object.entries(append).map(([variable, values]) => `@{${variable}}+=${listed(values)}`),
    ...aliases.map(({ from, to }) => `alias "${from}" -> "${to}",`),
    '',
  ].join('\n');
