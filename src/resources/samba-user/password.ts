import type { HostReader } from '../../host/host.ts';
import type { SecretRef } from '../../host/secret-ref.ts';
import { md4 } from './md4.ts';

const placeOf = (ref: SecretRef): string => ('file' in ref ? ref.file : `credential ${ref.credential}`);

/** smbpasswd takes one line of at most 254 bytes (4.22), and an empty one as an account without a password. */
const isUsable = (password: string): boolean =>
  /^[^\0-\x1f\x7f�]+$/.test(password) && Buffer.byteLength(password) <= 254;

/** The password that a reference leads to. What is in the file is never quoted. */
export const passwordOf = (host: HostReader, ref: SecretRef): string => {
  const password = host.secret(ref).reveal();
  if (isUsable(password)) return password;
  throw new Error(
    `${placeOf(ref)}: expected a password: one line of UTF-8, not empty, at most 254 bytes, without control characters`,
  );
};

/** As pdbedit prints it. As good as the password itself: not to be printed, stored or planned with. */
export const ntHash = (password: string): string =>
  md4(Buffer.from(password, 'utf16le')).toString('hex').toUpperCase();
