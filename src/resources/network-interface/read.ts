import { createHash } from 'node:crypto';
import { present, readEach, unknown, type Reading } from '../../engine/reading.ts';
import { cidrOf, overlap } from '../../facts/ip-address.ts';
import type { HostReader } from '../../host/host.ts';
import type { Actual, InterfacesFile, Tool } from './actual.ts';
import { bridgeVlans, defaultRoutes, links, type DefaultRoute, type Link } from './facts.ts';
import { definitionsIn, INTERFACES, parse } from './interfaces-file.ts';
import { objectionsTo, type Surroundings } from './judge.ts';
import type { Desired } from './schema.ts';
import { sourced } from './sources.ts';
import { addressesOf, FAMILIES, membersOf, methodOf, vlanOf } from './want.ts';

/** What Proxmox VE would install at the next boot, over what we write: pvenetcommit.service(8). */
const STAGED = `${INTERFACES}.new`;

export const toolOf = (host: HostReader): Tool => {
  if (host.lstat('/usr/share/ifupdown2') !== undefined) return 'ifupdown2';
  return ['/usr/sbin/ifup', '/sbin/ifup'].some((path) => host.lstat(path) !== undefined)
    ? 'ifupdown'
    : 'none';
};

/** Its own ifupdown2 leaves ports of guests alone by itself. */
const isProxmox = (host: HostReader): boolean => host.lstat('/usr/sbin/pvesm') !== undefined;

export const readFile = (host: HostReader): InterfacesFile | null => {
  const content = host.readFile(INTERFACES);
  const info = host.lstat(INTERFACES);
  if (content === undefined || info === undefined) return null;
  const { mode, uid, gid } = info;
  return {
    text: content.toString(),
    sha256: createHash('sha256').update(content).digest('hex'),
    mode,
    uid,
    gid,
  };
};

const hasAny = (host: HostReader, paths: readonly string[]): boolean =>
  paths.some((path) => host.lstat(path) !== undefined);

const remarksOn = (host: HostReader, want: Desired): string[] => [
  ...(FAMILIES.some((family) => methodOf(want, family) === 'dhcp') &&
  !hasAny(host, [
    '/usr/sbin/dhclient',
    '/sbin/dhclient',
    '/usr/sbin/dhcpcd',
    '/sbin/udhcpc',
    '/usr/sbin/udhcpc',
  ])
    ? [
        `${want.name} asks for addresses by DHCP, and no DHCP client is installed; declare the package isc-dhcp-client`,
      ]
    : []),
  ...((want.nameservers ?? want.search) !== undefined &&
  !hasAny(host, ['/usr/sbin/resolvconf', '/sbin/resolvconf'])
    ? [`nameservers and search of ${want.name} have no effect: resolvconf is not installed`]
    : []),
];

const isOverlapping = (want: Desired, all: readonly Link[]): boolean =>
  addressesOf(want).some((one) => {
    const own = cidrOf(one);
    return all
      .filter(({ name }) => name !== want.name)
      .flatMap(({ addresses }) => addresses)
      .some(({ cidr }) => {
        const other = cidrOf(cidr);
        return own !== undefined && other !== undefined && overlap(own, other);
      });
  });

interface Known extends Surroundings {
  readonly condone: boolean;
  readonly file: InterfacesFile | null;
  readonly routes: readonly DefaultRoute[];
  readonly vlans: ReadonlyMap<string, string>;
  readonly staged: boolean;
}

const actualOf = (host: HostReader, want: Desired, known: Known): Actual => {
  const { tool, condone, file } = known;
  const device = vlanOf(want)?.device;
  const vids = membersOf(want).flatMap((port) => {
    const found = known.vlans.get(port);
    return found === undefined ? [] : [[port, found] as const];
  });
  return {
    tool,
    condone,
    file,
    link: known.links.find(({ name }) => name === want.name) ?? null,
    ports: known.links.filter(({ master }) => master === want.name).map(({ name }) => name),
    vids: Object.fromEntries(vids),
    gateways: known.routes.filter(({ dev }) => dev === want.name).map(({ gateway }) => gateway),
    ...(known.staged ? { staged: STAGED } : {}),
    objections: objectionsTo(want, known),
    remarks: want.ensure === 'absent' ? [] : remarksOn(host, want),
    overlaps: isOverlapping(want, known.links),
    device: device === undefined || known.links.some(({ name }) => name === device),
  };
};

/** Two processes, and a third where VLANs of bridges are declared. */
export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const live = await host.fact(links);
  if (live === undefined)
    return readEach(
      all,
      ({ name }) => name,
      () => unknown('ip is not installed; install the package iproute2'),
    );
  const file = readFile(host);
  const items = parse(file?.text ?? '');
  const tool = toolOf(host);
  const known: Known = {
    tool,
    condone: tool === 'ifupdown2' && !isProxmox(host),
    all,
    links: live,
    file,
    own: definitionsIn(items),
    sourced: sourced(host, items),
    routes: await host.fact(defaultRoutes),
    vlans: all.some(({ bridgeVids }) => bridgeVids !== undefined) ? await host.fact(bridgeVlans) : new Map(),
    staged: host.lstat(STAGED) !== undefined,
  };
  return readEach(
    all,
    ({ name }) => name,
    (want) => present(actualOf(host, want, known)),
  );
};
