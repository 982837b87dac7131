import { keyOfWord } from '../../facts/kernel-words.ts';
import { GRUB_FOLDER } from '../../facts/boot-loader.ts';
import type { Desired } from './schema.ts';

export const keyOf = ({ parameter }: Pick<Desired, 'parameter'>): string => keyOfWord(parameter);

/** Behind what the distribution ships there; one file a parameter. */
export const dropInPath = (key: string): string => `${GRUB_FOLDER}/95-phoenix-${key}.cfg`;

export const dropInText = (want: Desired): string =>
  `# managed by phoenix: KernelCmdline[${keyOf(want)}]\n` +
  `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${want.parameter}"\n`;
