import type { Action, Change, Finding } from '../../../engine/action.ts';
import { notProxmox } from '../../../facts/proxmox.ts';
import { lockOuts } from '../access/lock-out.ts';
import type { Proxmox } from '../read.ts';
import { chainsOf, type Chain } from '../ruleset.ts';
import type { Desired, FirewallOp } from '../schema.ts';
import { keptOf } from '../stored.ts';
import { clusterPath, hostPath } from './files.ts';
import { readOption, setOption, setRules } from './fw-file.ts';
import { proxmoxRules } from './rules.ts';

interface Texts {
  readonly cluster: string;
  readonly host: string;
}

/** Options are of the datacenter but for the switch of this node; the rules are of this node alone. */
const wantedTexts = (want: Desired, found: Texts, chains: readonly Chain[]): Texts => {
  const options: [string, string | undefined][] = [
    ['policy_in', want.policyIn],
    ['policy_out', want.policyOut],
    ['policy_forward', want.policyForward],
  ];
  // 1 turns it on; any other number that is not 0 is a moment after which it is off again
  const enabled = setOption(found.cluster, 'enable', '1');
  const host = readOption(found.host, 'enable') === '0' ? setOption(found.host, 'enable', '1') : found.host;
  return {
    cluster: options.reduce(
      (text, [option, value]) => (value === undefined ? text : setOption(text, option, value)),
      enabled,
    ),
    host: setRules(host, proxmoxRules(chains)),
  };
};

/** Other nodes keep theirs: only this one is switched off, where the datacenter's firewall is on. */
const withoutOurs = (found: Texts): Texts => {
  const isOn = (readOption(found.cluster, 'enable') ?? '0') !== '0';
  const host = setRules(found.host, []);
  return { cluster: found.cluster, host: isOn ? setOption(host, 'enable', '0') : host };
};

const refusal = (refuses: string): Finding<FirewallOp> => ({ refuses, changes: [] });

/** What Proxmox VE cannot say. */
const inexpressible = (want: Desired, { host }: Texts): string[] => {
  const forwards = want.rules.filter(({ direction }) => direction === 'forward');
  const hasForward = forwards.length > 0 || want.policyForward !== undefined;
  return [
    ...(forwards.some(({ outIface }) => outIface !== undefined)
      ? ['rules of Proxmox VE have one interface; take `outIface` out, or name addresses instead']
      : []),
    ...(want.policyForward === 'REJECT'
      ? ['Proxmox VE cannot reject what passes through; use `policyForward: DROP`']
      : []),
    ...(hasForward && readOption(host, 'nftables') !== '1'
      ? [
          'only the nftables firewall of Proxmox VE filters what passes through; turn it on for this node (`nftables: 1` in host.fw), or take `forward` out',
        ]
      : []),
  ];
};

const change = (path: string, from: string, to: string): Change[] =>
  from === to ? [] : [{ path, from, to, as: 'text' }];

const write = (found: Proxmox, from: Texts, to: Texts): Action<FirewallOp>[] => {
  const hostFile = hostPath(found.node);
  const changes = [...change(clusterPath, from.cluster, to.cluster), ...change(hostFile, from.host, to.host)];
  if (changes.length === 0) return [];
  // what opens before what closes, there and back
  const texts = { [hostFile]: to.host, [clusterPath]: to.cluster };
  const kept = { [clusterPath]: keptOf(found.cluster), [hostFile]: keptOf(found.host) };
  const ofChanged = <T>(all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([path]) => changes.some((one) => one.path === path)));
  return [
    {
      does: { op: 'write-proxmox', files: ofChanged(texts) },
      description: `write ${changes.map(({ path }) => path).join(' and ')}; the daemon takes it up within 10 s`,
      risk: 'disruptive',
      changes,
      undo: { by: { op: 'restore', files: ofChanged(kept) } },
      cutsOff: 'firewall',
    },
  ];
};

const start = (status: string): Action<FirewallOp> => ({
  does: { op: 'start-proxmox' },
  description: 'start pve-firewall.service: until then nothing is filtered',
  risk: 'disruptive',
  changes: [{ path: 'pve-firewall', from: status, to: 'enabled/running' }],
  undo: { by: { op: 'stop-proxmox' } },
  cutsOff: 'firewall',
});

export const diffProxmox = (want: Desired, found: Proxmox): Finding<FirewallOp>[] => {
  if (!found.isProxmox) return [refusal(notProxmox('`backend: proxmox`'))];
  const from: Texts = { cluster: found.cluster?.text ?? '', host: found.host?.text ?? '' };
  if (!want.enabled) return write(found, from, withoutOurs(from));
  const cannot = inexpressible(want, from);
  if (cannot.length > 0) return cannot.map(refusal);
  const chains = chainsOf(want);
  const actions = [
    ...write(found, from, wantedTexts(want, from, chains)),
    ...(found.status?.endsWith('/stopped') ? [start(found.status)] : []),
  ];
  const cut = actions.length === 0 ? [] : lockOuts(want, chains, found.access);
  return cut.length > 0 ? cut.map(refusal) : actions;
};
