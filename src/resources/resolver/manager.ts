/** Who writes /etc/resolv.conf, if somebody does. */
import { dirname, resolve } from 'node:path';
import type { HostReader } from '../../host/host.ts';
import { PATH } from './resolv-conf.ts';

/** What a manager leaves in the target of a symlink, or in the first lines of the file; and where it is told instead. */
const MANAGERS: readonly (readonly [sign: RegExp, name: string, instead: string])[] = [
  [
    /systemd.resolve/,
    'systemd-resolved',
    'set DNS= and Domains= in a file below /etc/systemd/resolved.conf.d',
  ],
  [/NetworkManager/, 'NetworkManager', 'set `dns=none` in a file below /etc/NetworkManager/conf.d'],
  [/resolvconf/, 'resolvconf', 'set `dns-nameservers` and `dns-search` in /etc/network/interfaces'],
  [/tailscale/i, 'Tailscale', 'run `tailscale set --accept-dns=false`'],
  [/connman/i, 'ConnMan', 'see connmanctl(1)'],
];

export interface Manager {
  readonly name: string;
  readonly instead: string;
}

const managerIn = (text: string): Manager | undefined => {
  const [, name, instead] = MANAGERS.find(([sign]) => sign.test(text)) ?? [];
  return name === undefined || instead === undefined ? undefined : { name, instead };
};

const commentsOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^\s*[#;]/.test(line))
    .join('\n');

export interface Found {
  readonly text?: string;
  readonly manager?: Manager;
  /** To nothing: nobody keeps it any more. */
  readonly deadLink?: string;
}

const behindLink = (host: HostReader, target: string): Found => {
  const path = resolve(dirname(PATH), target);
  if (host.lstat(path) === undefined) return { deadLink: target };
  return {
    manager: managerIn(target) ?? {
      name: `whoever made the symlink to ${target}`,
      instead: 'change it there, or make a plain file of it',
    },
  };
};

export const findResolvConf = (host: HostReader): Found => {
  const { type, target } = host.lstat(PATH) ?? {};
  if (type === 'symlink') return behindLink(host, target ?? '');
  const text = host.readFile(PATH)?.toString();
  if (text === undefined) return {};
  const manager = managerIn(commentsOf(text));
  return { text, ...(manager === undefined ? {} : { manager }) };
};
