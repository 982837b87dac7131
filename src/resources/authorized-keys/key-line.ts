/** One line of an authorized_keys file, by sshd(8), AUTHORIZED_KEYS FILE FORMAT. */
import { createHash } from 'node:crypto';

export interface Key {
  /** As written, empty if there are none. */
  readonly options: string;
  readonly type: string;
  readonly blob: string;
  readonly comment: string;
}

const TYPES: ReadonlySet<string> = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
]);

/** sshd ignores a key with an option that it does not know. */
const OPTIONS: ReadonlySet<string> = new Set([
  'agent-forwarding',
  'cert-authority',
  'command',
  'environment',
  'expiry-time',
  'from',
  'no-agent-forwarding',
  'no-port-forwarding',
  'no-pty',
  'no-touch-required',
  'no-user-rc',
  'no-x11-forwarding',
  'permitlisten',
  'permitopen',
  'port-forwarding',
  'principals',
  'pty',
  'restrict',
  'tunnel',
  'user-rc',
  'verify-required',
  'x11-forwarding',
]);

/** Where an unquoted blank or comma ends a field; `\"` does not end a quoted part. */
const fieldEnd = (text: string, start: number, ends: string): number => {
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('\\"', at)) at++;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && ends.includes(text.charAt(at))) return at;
  }
  return text.length;
};

/** Undefined for blank lines, comments and whatever else is no key. */
export const parseKey = (line: string): Key | undefined => {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [first = ''] = text.split(/[ \t]/, 1);
  const end = TYPES.has(first) ? 0 : fieldEnd(text, 0, ' \t');
  const [type = '', blob = '', ...comment] = text
    .slice(end)
    .trim()
    .split(/[ \t]+/);
  if (!TYPES.has(type) || blob === '') return undefined;
  return { options: text.slice(0, end), type, blob, comment: comment.join(' ') };
};

export const renderKey = ({ options, type, blob, comment }: Key): string =>
  [options, type, blob, comment].filter((field) => field !== '').join(' ');

/** Which key it is, whatever its options and comment say. */
export const identityOf = ({ type, blob }: Key): string => `${type} ${blob}`;

export const fingerprintOf = ({ blob }: Key): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`;

/** The strings that a key is made of, each with its length before it (RFC 4253, section 6.6); undefined if it is cut. */
const partsOf = (blob: Buffer): Buffer[] | undefined => {
  const parts: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
};

const unknownOption = (options: string): string | undefined => {
  for (let at = 0; at < options.length;) {
    const end = fieldEnd(options, at, ',');
    const [name = ''] = options.slice(at, end).split('=', 1);
    if (!OPTIONS.has(name.toLowerCase())) return name;
    at = end + 1;
  }
  return undefined;
};

/** Why sshd would ignore the line; undefined if it would not. */
export const faultOf = (line: string): string | undefined => {
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(line)) return 'expected one line without control characters';
  const key = parseKey(line);
  if (key === undefined)
    return `expected \`[options] type base64 [comment]\` with a type of ${[...TYPES].join(', ')}`;
  const blob = Buffer.from(key.blob, 'base64');
  if (blob.toString('base64') !== key.blob) return 'the key is not whole: its base64 does not decode';
  const [type, ...parts] = partsOf(blob) ?? [];
  if (type?.toString('latin1') !== key.type || parts.length === 0)
    return `the key is not whole, or not of the type ${key.type}`;
  const option = unknownOption(key.options);
  return option === undefined ? undefined : `"${option}" is no option that sshd(8) knows`;
};
