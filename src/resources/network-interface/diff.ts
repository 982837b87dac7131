import { isAction, type Action, type Change, type Debt, type Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import type { Actual } from './actual.ts';
import { withInterface, withoutInterface } from './edit.ts';
import { INTERFACES } from './interfaces-file.ts';
import { liveChanges } from './live.ts';
import type { Desired, How, InterfaceOp, Was } from './schema.ts';
import { addressesOf, membersOf, typeOf } from './want.ts';
import { wantedOf } from './wanted.ts';

const VIRTUAL: ReadonlySet<string> = new Set(['bridge', 'bond', 'vlan', 'dummy']);

/** Left over only where a run was killed between the two: the actions do it themselves. */
const RELOAD: Debt = {
  kind: 'NetworkInterface',
  does: { op: 'reload' },
  description: `bring into effect all that ${INTERFACES} says (ifreload -a)`,
  risk: 'disruptive',
};

const wasOf = ({ link, ports, gateways }: Actual): Was | null =>
  link === null
    ? null
    : {
        ...(link.kind === undefined ? {} : { kind: link.kind }),
        up: link.up,
        mtu: link.mtu,
        addresses: link.addresses.map(({ cidr }) => cidr),
        ports: [...ports],
        gateways: [...gateways],
      };

const undoOf = ({ name }: Desired, actual: Actual): InterfaceOp => {
  const { file } = actual;
  return {
    op: 'restore',
    name,
    file: file === null ? null : { sha256: file.sha256, mode: file.mode, uid: file.uid, gid: file.gid },
    link: wasOf(actual),
  };
};

const fileChange = (from: string, to: string): Change[] =>
  from === to ? [] : [{ path: INTERFACES, from, to, as: 'text' }];

/** New, takes nothing from anything else, and leads nowhere that something leads to already. */
const isHarmless = (want: Desired, { link, overlaps, device }: Actual): boolean =>
  link === null &&
  typeOf(want) !== 'physical' &&
  membersOf(want).length === 0 &&
  !overlaps &&
  device &&
  want.gateway === undefined &&
  want.gateway6 === undefined &&
  want.dhcp === undefined &&
  Object.keys(want.options).length === 0;

const howFor = (want: Desired, actual: Actual): How => {
  if (isHarmless(want, actual)) return 'up';
  if (actual.tool === 'ifupdown2') return 'reload';
  return actual.link === null ? 'up' : 'later';
};

const what = (want: Desired): string => {
  const addresses = addressesOf(want);
  const type = typeOf(want);
  return [
    type === 'physical' ? '' : type,
    want.name,
    addresses.length === 0 ? '' : `(${addresses.join(', ')})`,
  ]
    .filter((part) => part !== '')
    .join(' ');
};

const MEANS: Readonly<Record<How, string>> = {
  reload: '',
  up: ', by ifup, which touches nothing else',
  later: ', in the file only: ifupdown brings it into effect at the next boot, or by ifdown and ifup',
};

const action = (
  want: Desired,
  actual: Actual,
  does: Extract<InterfaceOp, { how: How }>,
  verb: string,
  changes: readonly Change[],
): Action<InterfaceOp> => {
  const risk = does.how === 'up' && isHarmless(want, actual) ? 'safe' : 'disruptive';
  return {
    does,
    description: `${verb} ${what(want)}${MEANS[does.how]}`,
    risk,
    changes,
    undo: { by: undoOf(want, actual) },
    ...(does.how === 'reload' ? { owes: [RELOAD] } : {}),
    cutsOff: 'network',
  };
};

/** ifupdown has no way to change an interface that is up without taking it down: that is the operator's to choose. */
const pending = ({ name }: Desired, changes: readonly Change[]): Finding<InterfaceOp> => ({
  remarks:
    `${name} is right in ${INTERFACES} and not in effect (${changes.map(({ path }) => path).join(', ')}): ` +
    `run \`ifdown ${name} && ifup ${name}\` where it can be spared for a moment, or reboot`,
});

const isLater = ({ tool, link }: Actual): boolean => tool === 'ifupdown' && link !== null;

const diffPresent = (want: Desired, actual: Actual): Finding<InterfaceOp>[] => {
  const wanted = wantedOf(want, actual.condone);
  const text = actual.file?.text ?? '';
  const persisted = fileChange(text, withInterface(text, wanted));
  const live = liveChanges(want, actual);
  const remarks = actual.remarks.map((one) => ({ remarks: one }));
  if (persisted.length === 0 && live.length === 0) return remarks;
  if (persisted.length === 0 && isLater(actual)) return [...remarks, pending(want, live)];
  const does = { op: 'put' as const, wanted, how: howFor(want, actual) };
  const verb = actual.link === null ? 'create' : persisted.length === 0 ? 'bring back' : 'change';
  return [action(want, actual, does, verb, [...live, ...persisted]), ...remarks];
};

/** A card stays; it is to be without addresses. */
const liveLeftovers = ({ link }: Actual): Change[] => {
  if (link === null) return [];
  if (VIRTUAL.has(link.kind ?? '')) return [{ path: 'live interface', from: link.kind, to: null }];
  const addresses = link.addresses.map(({ cidr }) => cidr);
  return addresses.length === 0 ? [] : [{ path: 'live addresses', from: addresses, to: [] }];
};

const diffAbsent = (want: Desired, actual: Actual): Finding<InterfaceOp>[] => {
  const text = actual.file?.text ?? '';
  const persisted = fileChange(text, withoutInterface(text, want.name));
  const live = liveLeftovers(actual);
  if (persisted.length === 0 && live.length === 0) return [];
  if (persisted.length === 0 && isLater(actual)) return [pending(want, live)];
  const how = actual.tool === 'ifupdown2' ? ('reload' as const) : ('later' as const);
  const does = { op: 'remove' as const, name: want.name, how };
  return [action(want, actual, does, 'remove', [...live, ...persisted])];
};

const refuse = (want: Desired, refuses: string): Finding<InterfaceOp> => ({
  refuses,
  changes: [{ path: want.name, from: null, to: want.ensure }],
});

const refuseStaged = (want: Desired, file: string): Finding<InterfaceOp> =>
  refuse(
    want,
    `${file} has changes from the web interface of Proxmox VE that are not applied; the next boot would put them over ours: apply or revert them there first`,
  );

const NO_TOOL =
  'this host has neither ifupdown2 nor ifupdown, so something else sets up its network; install ifupdown2 and move the network there, or leave it out of the manifest';

export const diff = (want: Desired, reading: Known<Actual>): readonly Finding<InterfaceOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  if (actual.tool === 'none') return [refuse(want, NO_TOOL)];
  if (actual.objections.length > 0) return actual.objections.map((one) => refuse(want, one));
  const findings = want.ensure === 'present' ? diffPresent(want, actual) : diffAbsent(want, actual);
  return actual.staged !== undefined && findings.some(isAction)
    ? [refuseStaged(want, actual.staged)]
    : findings;
};
