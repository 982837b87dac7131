/** Who may serve the DNS, by the name of its package, and the unit that runs it. */
export const DNS_UNITS = { dnsmasq: 'dnsmasq.service', bind9: 'named.service' } as const;
export type DnsProgram = keyof typeof DNS_UNITS;
