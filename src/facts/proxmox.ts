/** Whether this is a Proxmox VE host, and the words that its tools share (pvesm(1), pveum(1), pmxcfs(8)). */
import { z } from 'zod';
import type { HostReader } from '../host/host.ts';

export type ProxmoxHost = 'ready' | 'missing';

/**
 * The cluster filesystem shows nothing while its daemon is down: what cannot be read there is unknown, not absent.
 * `/etc/pve/.version` is a file that the daemon itself makes up.
 */
export const proxmoxHost = (host: HostReader): ProxmoxHost => {
  if (host.lstat('/usr/sbin/pvesm') === undefined) return 'missing';
  if (host.lstat('/etc/pve/.version') === undefined)
    throw new Error('/etc/pve is not mounted; see `systemctl status pve-cluster.service`');
  return 'ready';
};

/** Why a section about Proxmox VE is refused, never ignored. */
export const notProxmox = (what: string): string =>
  `this is not a Proxmox VE host: there is no /usr/sbin/pvesm, so ${what} means nothing here; ` +
  'install Proxmox VE, or take this out of the manifest';

export const storageId = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]$/,
    'expected letters, digits, `.`, `_` and `-`, with a letter in front and no mark at the end',
  )
  .max(100);

/** `name@realm`: 3 to 64 characters (pveum(1)). Commas separate users there, so they are no part of a name. */
export const userId = z
  .string()
  .min(3)
  .max(64)
  .regex(/^[A-Za-z0-9_.][^\s:/,@]*@[A-Za-z][A-Za-z0-9._-]+$/, 'expected NAME@REALM, such as alice@pam');

export const groupId = z
  .string()
  .regex(/^[A-Za-z0-9_.][A-Za-z0-9._-]*$/, 'expected a group of letters, digits, `.`, `_` and `-`')
  .max(100);

export const roleId = z
  .string()
  .regex(/^[A-Za-z0-9_.][A-Za-z0-9._-]*$/, 'expected a role such as PVEAdmin')
  .max(100);

/** A JSON array of objects, as `--output-format json` prints them; an empty answer is none. */
export const parseRows = <S extends z.ZodType>(what: string, row: S, stdout: string): z.output<S>[] => {
  const answer = z.array(row).safeParse(stdout.trim() === '' ? [] : parseJson(what, stdout));
  if (answer.success) return answer.data;
  throw new Error(`${what}: not the answer that is documented: ${z.prettifyError(answer.error)}`);
};

const parseJson = (what: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${what}: expected JSON, found "${text.slice(0, 80)}"`);
  }
};
