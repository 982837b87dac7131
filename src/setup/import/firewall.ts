/** `firewall`: what concerns this host. */
import type { Cursor } from './cursor.ts';
import type { Draft } from './draft.ts';

/** `80`, `80,443`, `8000:8010`. */
const portsOf = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  const ports = text.split(',').map((one) => {
    const range = one.trim().replace(':', '-');
    return /^\d+$/.test(range) ? Number(range) : range;
  });
  return ports.length === 1 ? ports[0] : ports;
};

const commentOf = (text: string | undefined): string | undefined =>
  text
    ?.replaceAll(/[\p{C}"\\]/gu, ' ')
    .trim()
    .slice(0, 100)
    .trim();

const rule = (one: Cursor, own: string | undefined): Record<string, unknown> | undefined => {
  const direction = one.at('type').text() ?? 'in';
  const [source, destination] = [one.at('source').text(), one.at('dest').text()];
  if (direction === 'in' && destination !== undefined && destination !== own) {
    one.done(
      'is for another machine than this host, and would open the host itself; left out: declare it in the guest',
    );
    return undefined;
  }
  const proto = one.at('proto').text();
  if (direction === 'in' && source === undefined && proto !== 'icmp')
    one.warn('lets everybody in; say `source` if only some are meant');
  return {
    direction,
    action: one.at('action').text() ?? 'ACCEPT',
    proto,
    port: portsOf(one.at('port').text() ?? one.at('dport').text()),
    sourcePort: portsOf(one.at('sport').text()),
    source,
    destination,
    iface: one.at('iface').text(),
    comment: commentOf(one.at('comment').text()),
  };
};

const letsIn = (rules: readonly Cursor[], port: string): boolean =>
  rules.some((one) => one.at('port').text() === port && one.at('action').value === 'ACCEPT');

export const convertFirewall = (firewall: Cursor, own: string | undefined, draft: Draft): void => {
  if (!firewall.isThere) return;
  const [policyIn, policyOut] = ['default_input_policy', 'default_output_policy'].map((key) =>
    firewall.at(key).text(),
  );
  draft.set(['firewall', 'enabled'], firewall.at('enabled').flag());
  draft.set(['firewall', 'policyIn'], policyIn);
  draft.set(['firewall', 'policyOut'], policyOut);
  const rules = firewall.at('global_firewall_rules');
  for (const one of rules.items()) {
    const converted = rule(one, own);
    if (converted !== undefined) draft.add(['firewall', 'rules'], converted, one);
  }
  if (policyIn !== undefined && policyIn !== 'ACCEPT')
    for (const [port, what] of [
      ['22', 'SSH'],
      ['8006', 'the web interface of Proxmox VE'],
    ] as const)
      if (!letsIn(rules.items(), port))
        rules.warn(
          `nothing lets ${what} in; phoenix refuses such rules until \`firewall.services\` or a rule does`,
        );
};
