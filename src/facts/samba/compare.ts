/** A section as it is wanted against the one that is there. */
import type { Change } from '../../engine/action.ts';
import { canonical } from './parameters.ts';
import { settingsOf } from './sections.ts';

/** One change for each parameter that differs, in whatever spelling. */
export const compareLines = (wanted: readonly string[], found: readonly string[] | undefined): Change[] => {
  const to = settingsOf(wanted);
  const from = settingsOf(found ?? []);
  const names = [...new Set([...to.keys(), ...from.keys()])];
  return names
    .filter((path) => to.get(path) !== from.get(path))
    .map((path) => ({ path, from: from.get(path) ?? null, to: to.get(path) ?? null }));
};

/**
 * What Samba has otherwise although our file is right: something else sets it, an include for one client, say. A
 * setting that testparm does not print is the default, which may be what is wanted.
 */
export const overriddenIn = (
  wanted: readonly (readonly [name: string, value: string])[],
  effective: Readonly<Record<string, string>>,
): Change[] =>
  wanted.flatMap((parameter) => {
    const [path, to] = canonical(...parameter);
    const from = effective[path];
    return from === undefined || from === to ? [] : [{ path, from, to }];
  });
