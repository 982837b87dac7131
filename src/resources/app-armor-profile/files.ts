/** Where a profile is, how one knows ours, and what decides its mode at boot. */
import { POLICY } from '../../facts/apparmor/folder.ts';
import { headerOf } from '../../facts/apparmor/header.ts';
import type { HostReader } from '../../host/host.ts';
import type { Mode } from './schema.ts';

export const pathOf = (name: string): string => `${POLICY}/${name}`;

/** With the first line by which the file is known as ours. */
export const marked = (name: string, content: string): string =>
  headerOf(name) + content + (content.endsWith('\n') ? '' : '\n');

export const isOurs = (name: string, text: string): boolean => text.startsWith(headerOf(name));

/**
 * The parser looks for a file of the same name in these folders (apparmor_parser(8)). aa-complain(8) would write flags
 * into the file instead, and so into ours.
 */
export const LINK_FOLDERS = { complain: `${POLICY}/force-complain`, disabled: `${POLICY}/disable` } as const;

export const linkOf = (name: string, mode: keyof typeof LINK_FOLDERS): string =>
  `${LINK_FOLDERS[mode]}/${name}`;

/** Disabled wins. */
export const modeOf = (host: HostReader, name: string): Mode =>
  (['disabled', 'complain'] as const).find((mode) => host.lstat(linkOf(name, mode)) !== undefined) ??
  'enforce';
