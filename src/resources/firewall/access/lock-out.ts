/** Who would be cut off by these rules, and was not given up by name. */
import { parseAddress } from '../addresses.ts';
import { verdictOn, type Packet } from '../passes.ts';
import type { Chain } from '../ruleset.ts';
import type { Desired } from '../schema.ts';
import { isReachable } from './reachable.ts';
import type { Access, Session } from './read-access.ts';

const NAMES = { ssh: 'SSH', proxmox: 'the web interface of Proxmox VE' } as const;

/** A new connection of the same person: the one that is there stays up whatever the rules are. */
const anew = ({ peer, local, port, iface }: Session): Packet | undefined => {
  const [source, destination] = [parseAddress(peer), parseAddress(local)];
  if (source === undefined || destination === undefined) return undefined;
  return {
    chain: 'input',
    state: 'new',
    family: source.family,
    source: source.from,
    destination: destination.from,
    proto: 'tcp',
    port,
    // a port that programs are given for themselves
    sourcePort: 50_000,
    ...(iface === undefined ? {} : { inIface: iface }),
  };
};

const isCutOff = (chains: readonly Chain[], session: Session): boolean => {
  const packet = anew(session);
  return packet === undefined || verdictOn(chains, packet) !== 'ACCEPT';
};

const closed = (service: 'ssh' | 'proxmox', ports: readonly number[]): string =>
  `these rules would cut off ${NAMES[service]}: nobody could connect to port ${ports.join(' or ')}; ` +
  `open it (\`services: [${ports.includes(22) || service === 'proxmox' ? service : `{ name: ssh, ports: [${ports.join(', ')}] }`}]\`), or say \`lockOut: [${service}]\``;

const cutOff = ({ service, peer, port }: Session): string =>
  `these rules would cut off ${peer}, who is connected to ${NAMES[service]} (port ${port}) now and could not connect again; ` +
  'let that address in, or say `lockOut: [session]`';

export const lockOuts = (
  { lockOut }: Pick<Desired, 'lockOut'>,
  chains: readonly Chain[],
  access: Access,
): string[] => {
  const services = (['ssh', 'proxmox'] as const).filter(
    (service) =>
      !lockOut.includes(service) &&
      access[service].length > 0 &&
      !access[service].some((port) => isReachable(chains, port)),
  );
  const sessions = lockOut.includes('session')
    ? []
    : access.sessions.filter(
        (session) =>
          !services.includes(session.service) &&
          !lockOut.includes(session.service) &&
          isCutOff(chains, session),
      );
  return [...services.map((service) => closed(service, access[service])), ...sessions.map(cutOff)];
};
