/** Brings the file into effect, without taking guests off their bridges. */
import type { Host } from '../../host/host.ts';
import { familyOf, normalCidr } from '../../facts/ip-address.ts';
import { defaultRoutes, links, type Link } from './facts.ts';
import type { Wanted } from './schema.ts';
import { isGuestPort } from './words.ts';

/** DHCP and duplicate address detection take their time. */
const TIMEOUT = 300_000;

export const linksNow = async (host: Host): Promise<readonly Link[]> => {
  host.lookAnew();
  return (await host.fact(links)) ?? [];
};

export const ip = async (host: Host, ...args: string[]): Promise<void> => {
  await host.run({ program: 'ip', args });
};

/**
 * ifupdown2 3.0.0 with iproute2 6.15 writes a file there, does not make the directory, and ends with 1 although all else
 * was done (Debian 13).
 */
const makeTablesDirectory = (host: Host): void => {
  for (const path of ['/etc/iproute2', '/etc/iproute2/rt_tables.d'])
    if (host.lstat(path) === undefined) host.makeDirectory(path, { mode: 0o755, uid: 0, gid: 0 });
};

/** It ends with 1 for what is no harm, and with 0 for what is: what counts is what is read afterwards. */
const say = (host: Host, command: string, code: number, stderr: string): void => {
  const errors = stderr.split('\n').filter((line) => line.startsWith('error:'));
  if (code !== 0 || errors.length > 0)
    host.note(`${command} ended with ${code}${errors.length === 0 ? '' : `: ${errors.join('; ')}`}`);
};

const run = async (host: Host, program: string, args: readonly string[]): Promise<boolean> => {
  const { code, stderr } = await host.run({ program, args, okCodes: [0, 1], timeout: TIMEOUT });
  say(host, `${program} ${args.join(' ')}`, code, stderr);
  return code === 0;
};

/** Ports of guests that the reload has taken off their bridge, though both are still there. */
const putGuestsBack = async (host: Host, before: readonly Link[]): Promise<void> => {
  const now = new Map((await linksNow(host)).map((link) => [link.name, link]));
  for (const { name, master } of before) {
    const link = now.get(name);
    if (master === undefined || !isGuestPort(name) || link === undefined || link.master === master) continue;
    if (!now.has(master)) continue;
    await ip(host, 'link', 'set', 'dev', name, 'master', master);
    host.note(`${name} of a guest had been taken off ${master}, and is back on it`);
  }
};

/** True if it ended well. */
export const reload = async (host: Host, before: readonly Link[]): Promise<boolean> => {
  makeTablesDirectory(host);
  const ended = await run(host, 'ifreload', ['-a']);
  await putGuestsBack(host, before);
  return ended;
};

export const bringUp = (host: Host, names: readonly string[]): Promise<boolean> => run(host, 'ifup', names);

const isThere = (all: readonly Link[], { name, inet, inet6 }: Wanted): boolean => {
  const link = all.find((one) => one.name === name);
  const found = (link?.addresses ?? []).map(({ cidr }) => normalCidr(cidr));
  return [...inet.addresses, ...inet6.addresses].every((one) => found.includes(normalCidr(one)));
};

export const lacksAddresses = async (host: Host, wanted: readonly Wanted[]): Promise<boolean> => {
  const all = wanted.some(({ auto }) => auto) ? await linksNow(host) : [];
  return wanted.some((one) => one.auto && !isThere(all, one));
};

export const setDefaultRoute = (host: Host, gateway: string, name: string): Promise<void> => {
  const family = familyOf(gateway) === 'inet' ? '-4' : '-6';
  return ip(host, family, 'route', 'replace', 'default', 'via', gateway, 'dev', name, 'onlink');
};

/** ifupdown2 makes a default route that is missing, and leaves a wrong one as it is (3.0.0). */
export const routeBack = async (host: Host, { name, auto, inet, inet6 }: Wanted): Promise<void> => {
  for (const gateway of [inet.gateway, inet6.gateway]) {
    if (gateway === undefined || !auto) continue;
    const found = (await host.fact(defaultRoutes)).filter(({ dev }) => dev === name);
    if (found.some((one) => normalCidr(one.gateway) === normalCidr(gateway))) continue;
    await setDefaultRoute(host, gateway, name);
  }
};

/** What ifupdown does not remove, because it did not make it. */
export const removeLeftover = async (host: Host, name: string): Promise<void> => {
  const left = (await linksNow(host)).find((link) => link.name === name);
  if (left === undefined) return;
  if (['bridge', 'bond', 'vlan', 'dummy'].includes(left.kind ?? ''))
    await ip(host, 'link', 'delete', 'dev', name);
  else if (left.addresses.length > 0) await ip(host, 'address', 'flush', 'dev', name, 'scope', 'global');
};
