/** The way back: the file as it was, by its hash, and the interface as it was. */
import { normalCidr } from '../../facts/ip-address.ts';
import type { Host } from '../../host/host.ts';
import { ip, linksNow, reload, removeLeftover, setDefaultRoute } from './effect.ts';
import type { Link } from './facts.ts';
import { INTERFACES } from './interfaces-file.ts';
import { readFile } from './read.ts';
import type { InterfaceOp, Was } from './schema.ts';
import { isGuestPort } from './words.ts';

type Restore = Extract<InterfaceOp, { op: 'restore' }>;

/** True if it was another one. What never was replaced was never kept. */
const restoreFile = async (host: Host, file: Restore['file']): Promise<boolean> => {
  const found = readFile(host);
  if ((found?.sha256 ?? null) === (file?.sha256 ?? null)) return false;
  if (file === null) host.removeFile(INTERFACES);
  else await host.restoreFile(INTERFACES, file.sha256, { mode: file.mode, uid: file.uid, gid: file.gid });
  return true;
};

const restoreAddresses = async (host: Host, { name, addresses }: Link, was: Was): Promise<void> => {
  const has = (all: readonly string[], one: string): boolean =>
    all.some((other) => normalCidr(other) === normalCidr(one));
  const now = addresses.map(({ cidr }) => cidr);
  for (const one of now.filter((cidr) => !has(was.addresses, cidr)))
    await ip(host, 'address', 'delete', one, 'dev', name);
  for (const one of was.addresses.filter((cidr) => !has(now, cidr)))
    await ip(host, 'address', 'add', one, 'dev', name);
};

const restorePorts = async (host: Host, all: readonly Link[], name: string, was: Was): Promise<void> => {
  const now = all.filter(({ master }) => master === name).map((port) => port.name);
  for (const port of now.filter((one) => !was.ports.includes(one) && !isGuestPort(one)))
    await ip(host, 'link', 'set', 'dev', port, 'nomaster');
  for (const port of was.ports.filter((one) => !now.includes(one)))
    if (all.some((link) => link.name === port))
      await ip(host, 'link', 'set', 'dev', port, 'master', name, 'up');
};

/** What was made by hand is in no file, and went with the reload. */
const remake = async (host: Host, name: string, { kind }: Was): Promise<void> => {
  if (kind !== 'bridge' && kind !== 'dummy') return;
  const isThere = (await linksNow(host)).some((one) => one.name === name);
  if (!isThere) await ip(host, 'link', 'add', 'dev', name, 'type', kind);
};

const restoreLink = async (host: Host, name: string, was: Was): Promise<void> => {
  await remake(host, name, was);
  const all = await linksNow(host);
  const link = all.find((one) => one.name === name);
  if (link === undefined)
    throw new Error(`${name} did not come back with the old file; see \`journalctl -u networking\``);
  if (link.mtu !== was.mtu) await ip(host, 'link', 'set', 'dev', name, 'mtu', String(was.mtu));
  await restorePorts(host, all, name, was);
  if (link.up !== was.up) await ip(host, 'link', 'set', 'dev', name, was.up ? 'up' : 'down');
  await restoreAddresses(host, link, was);
  for (const gateway of was.up ? was.gateways : []) await setDefaultRoute(host, gateway, name);
};

/** `reloads`: whether the host has a way to do that. */
export const restore = async (host: Host, op: Restore, reloads: boolean): Promise<boolean> => {
  const before = await linksNow(host);
  const ended = (await restoreFile(host, op.file)) && reloads ? await reload(host, before) : true;
  if (op.link === null) await removeLeftover(host, op.name);
  else await restoreLink(host, op.name, op.link);
  return ended;
};
