import { lstatSync } from 'node:fs';
import { Unreadable } from './errors.ts';
import { isPlaceholder } from './placeholder.ts';
import { readRegularFile } from './read-file.ts';
import { Secret } from './secret.ts';
import type { SecretRef } from './secret-ref.ts';

const refuse = (path: string, why: string): never => {
  throw new Unreadable(
    path,
    `${why}; a secret's file must be root's alone: chown root:root ${path} && chmod 0600 ${path}`,
  );
};

/** systemd puts credentials into a folder of the service's own (systemd.exec(5), LoadCredential=). */
const pathOf = (ref: SecretRef): string => {
  if ('file' in ref) return ref.file;
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  if (folder === undefined)
    throw new Unreadable(`credential ${ref.credential}`, 'not started by systemd with LoadCredential=');
  return `${folder}/${ref.credential}`;
};

/** Reads a secret; refuses a file that somebody else could read or have written. */
export const readSecret = (ref: SecretRef): Secret => {
  const path = pathOf(ref);
  const content = readRegularFile(path);
  if (content === undefined) throw new Unreadable(path, 'no such file');
  if (isPlaceholder(content)) throw new Unreadable(path, 'still waits for its secret; write it there');
  const { uid, mode } = lstatSync(path);
  if (uid !== (process.geteuid?.() ?? 0)) refuse(path, `is owned by uid ${uid}`);
  if ('file' in ref && (mode & 0o077) !== 0)
    refuse(path, `has mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`);
  return new Secret(content.toString('utf8').replace(/\r?\n$/, ''));
};
