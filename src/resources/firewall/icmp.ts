/** Types of ICMP by their names in nft(8), and as Proxmox VE calls them where that differs. */
export const ICMP_TYPES = [
  'echo-request',
  'echo-reply',
  'destination-unreachable',
  'redirect',
  'router-advertisement',
  'router-solicitation',
  'time-exceeded',
  'parameter-problem',
  'timestamp-request',
  'timestamp-reply',
] as const;

export const ICMPV6_TYPES = [
  'echo-request',
  'echo-reply',
  'destination-unreachable',
  'packet-too-big',
  'time-exceeded',
  'parameter-problem',
  'nd-router-solicit',
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
  'nd-redirect',
] as const;

const IN_PROXMOX: Readonly<Record<string, string>> = {
  'nd-router-solicit': 'router-solicitation',
  'nd-router-advert': 'router-advertisement',
  'nd-neighbor-solicit': 'neighbor-solicitation',
  'nd-neighbor-advert': 'neighbor-advertisement',
  'nd-redirect': 'redirect',
};

export const proxmoxIcmpType = (type: string): string => IN_PROXMOX[type] ?? type;
