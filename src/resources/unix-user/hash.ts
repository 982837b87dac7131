import type { HostReader } from '../../host/host.ts';
import type { SecretRef } from '../../host/secret-ref.ts';

const B64 = '[./0-9A-Za-z]';

/** The hash formats of crypt(5) that are still strong; the older ones are shorter, and a password could look like one. */
const HASHES = [
  `\\$g?y\\$${B64}+\\$${B64}{1,86}\\$${B64}{43}`,
  `\\$7\\$${B64}{11,97}\\$${B64}{43}`,
  `\\$2[abxy]\\$[0-9]{2}\\$${B64}{53}`,
  `\\$6\\$(rounds=[1-9][0-9]+\\$)?[^$:\\s]{1,16}\\$${B64}{86}`,
  `\\$5\\$(rounds=[1-9][0-9]+\\$)?[^$:\\s]{1,16}\\$${B64}{43}`,
];
const PASSWORD_FIELD = new RegExp(`^(?:[!*]|${HASHES.join('|')})$`);

const placeOf = (ref: SecretRef): string => ('file' in ref ? ref.file : `credential ${ref.credential}`);

/** The hash that a reference leads to. A password in clear is refused, so that it never becomes a password field. */
export const passwordHashOf = (host: HostReader, ref: SecretRef): string => {
  const hash = host.secret(ref).reveal();
  if (PASSWORD_FIELD.test(hash)) return hash;
  throw new Error(
    `${placeOf(ref)}: expected a password hash in a format of crypt(5), \`$y$…\` or \`$6$…\`, and found something else` +
      (/^!+\$/.test(hash)
        ? '; leave the `!` away and declare `locked: true`'
        : '; if it is the password itself, write what `mkpasswd` makes of it there instead'),
  );
};

/** As a locked field holds it; a bare `!` is locked already. */
export const lockedHash = (hash: string): string => (hash === '!' ? hash : `!${hash}`);
