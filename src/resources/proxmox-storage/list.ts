import type { z } from 'zod';
import { liveValue } from './properties.ts';
import { desired } from './schema.ts';
import type { Section } from './section-config.ts';
import { RULES, TYPES, type StorageType } from './types.ts';

const isKnown = (type: string): type is StorageType => (TYPES as readonly string[]).includes(type);

const mountpoint = (value: string | null): boolean | string =>
  value === null || value === '1' ? value === '1' : value;

const flags = (section: Section, names: readonly string[]): Record<string, true> =>
  Object.fromEntries(names.filter((name) => liveValue(section, name) !== null).map((name) => [name, true]));

const lists = (section: Section): Record<string, string[]> =>
  Object.fromEntries(
    ['content', 'nodes'].flatMap((name) => {
      const value = liveValue(section, name);
      return value === null ? [] : [[name, value.split(',')]];
    }),
  );

/** As an entry of the manifest; a type that phoenix does not know, or what it would refuse, is left out. */
export const listed = (section: Section): z.input<typeof desired>[] => {
  if (!isKnown(section.type)) return [];
  const { required, fixed } = RULES[section.type];
  const entry = {
    id: section.id,
    type: section.type,
    ...Object.fromEntries(
      [...new Set([...required, ...fixed])].map((name) => [name, liveValue(section, name)]),
    ),
    ...lists(section),
    ...flags(section, section.type === 'zfspool' ? ['disable', 'sparse'] : ['disable']),
    ...(section.type === 'dir' ? { isMountpoint: mountpoint(liveValue(section, 'is_mountpoint')) } : {}),
  };
  return desired.safeParse(entry).success ? [entry] : [];
};
