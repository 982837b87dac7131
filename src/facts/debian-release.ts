/** Which release of Debian this is, and which one a suite of apt belongs to. */
import type { HostReader } from '../host/host.ts';

/** Those that a host of today may meet; the newest have not been released. */
const CODENAMES: ReadonlySet<string> = new Set([
  'buster',
  'bullseye',
  'bookworm',
  'trixie',
  'forky',
  'duke',
  'sid',
]);
/** Names that wander from one release to the next. Elsewhere than in these archives they mean something else. */
const ALIASES: ReadonlySet<string> = new Set([
  'oldoldstable',
  'oldstable',
  'stable',
  'testing',
  'unstable',
  'experimental',
]);
const ARCHIVES = /^(?:\w+\+)?https?:\/\/(?:[a-z0-9-]+\.)*(?:debian\.org|proxmox\.com)(?:[:/]|$)/i;

/** os-release(5). Undefined where it says none, as testing did for a time. */
export const codenameOf = (host: HostReader): string | undefined => {
  const text = (host.readFile('/usr/lib/os-release') ?? host.readFile('/etc/os-release'))?.toString();
  return /^VERSION_CODENAME=["']?([a-z]+)["']?$/m.exec(text ?? '')?.[1];
};

export const isDebianArchive = (uri: string): boolean => ARCHIVES.test(uri);

/** `trixie-security`, `trixie-backports` and `trixie/updates` are of trixie. Undefined: of no release that is known. */
export const releaseOf = (uri: string, suite: string): string | undefined => {
  const base = suite.split(/[-/]/)[0] ?? '';
  return CODENAMES.has(base) || (ALIASES.has(base) && isDebianArchive(uri)) ? base : undefined;
};
