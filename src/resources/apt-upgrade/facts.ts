import { isDebianArchive, codenameOf, releaseOf } from '../../facts/debian-release.ts';
import { readAptSources } from '../../facts/apt/sources.ts';
import { compareVersions } from '../../facts/debian-version.ts';
import type { CommandFact, HostReader } from '../../host/host.ts';

export interface Upgrade {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly security: boolean;
}

export interface Upgrades {
  readonly upgrades: readonly Upgrade[];
  readonly removes: readonly string[];
}

/** `Inst NAME [FROM] (TO LABEL:VERSION/ARCHIVE, … [ARCH])`; without FROM it is new (apt 2.6, 3.0). */
const INSTALL = /^Inst (\S+) \[([^\]]*)\] \((\S+) (.*?) ?\[[^\]]*\]\)/gm;
const REMOVAL = /^(?:Remv|Purg) (\S+)/gm;
const SECURITY = /(?:^|, )Debian-Security:/;

const parseUpgrades = (stdout: string): Upgrades => ({
  upgrades: [...stdout.matchAll(INSTALL)].map(([, name = '', from = '', to = '', origins = '']) => ({
    name,
    from,
    to,
    security: SECURITY.test(origins),
  })),
  removes: [...stdout.matchAll(REMOVAL)].map((match) => match[1] ?? ''),
});

/** What apt would do by the lists that it has. It only looks, and so needs no lock. */
export const availableUpgrades: CommandFact<Upgrades | undefined> = {
  name: 'apt-upgrades',
  command: {
    program: 'apt-get',
    args: ['-s', '-q', '-o', 'Debug::NoLocking=1', 'full-upgrade'],
    maxOutput: 16 * 1024 * 1024,
  },
  absent: undefined,
  parse: parseUpgrades,
};

/** An enabled source of Debian or Proxmox VE that is of another release than the host. */
export const mixedSource = (host: HostReader): string | undefined => {
  const codename = codenameOf(host);
  if (codename === undefined) return undefined;
  const other = readAptSources(host).entries.find(({ uri, suite, enabled }) => {
    const release = enabled && isDebianArchive(uri) ? releaseOf(uri, suite) : undefined;
    return release !== undefined && release !== codename;
  });
  return other && `${other.file}, line ${other.line}: ${other.suite} beside ${codename}`;
};

export interface Kernels {
  readonly running: string;
  readonly newest: string;
}

/** A kernel without modules does not count: what is left of one that was removed. */
export const kernelsOf = (host: HostReader): Kernels | undefined => {
  const running = host.readFile('/proc/sys/kernel/osrelease')?.toString().trim();
  const installed = (
    host.readDirectory('/lib/modules') ??
    host.readDirectory('/usr/lib/modules') ??
    []
  ).filter((name) => host.lstat(`/boot/vmlinuz-${name}`) !== undefined);
  const [newest] = [...installed].sort((a, b) => compareVersions(b, a));
  return running === undefined || newest === undefined ? undefined : { running, newest };
};
