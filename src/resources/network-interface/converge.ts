/** Changes of interfaces that are asked for together are written once, and brought into effect once. */
import type { Host } from '../../host/host.ts';
import { check } from './candidate.ts';
import { bringUp, ip, lacksAddresses, linksNow, reload, removeLeftover, routeBack } from './effect.ts';
import { withInterface, withoutInterface } from './edit.ts';
import type { Link } from './facts.ts';
import { INTERFACES } from './interfaces-file.ts';
import { readFile, toolOf } from './read.ts';
import { restore } from './restore.ts';
import type { How, InterfaceOp, Wanted } from './schema.ts';

type Edit = Extract<InterfaceOp, { how: How }>;

const READABLE = { mode: 0o644, uid: 0, gid: 0 };
const LOOPBACK = 'auto lo\niface lo inet loopback\n';

/** The file that this run has brought into effect, by its hash: a reload that is owed for it is paid already. */
const inEffect = new WeakMap<Host, string>();

const applied = (host: Host): void => {
  inEffect.set(host, readFile(host)?.sha256 ?? '');
};

const edited = (text: string, op: Edit): string =>
  op.op === 'put' ? withInterface(text, op.wanted) : withoutInterface(text, op.name);

/** Written only if the whole of it is understood. */
const write = async (host: Host, edits: readonly Edit[]): Promise<void> => {
  const file = readFile(host);
  const text = edits.reduce(edited, file?.text ?? LOOPBACK);
  if (text === file?.text) return;
  await check(host, toolOf(host), text);
  const { mode, uid, gid } = file ?? READABLE;
  await host.writeFile(INTERFACES, text, { mode, uid, gid });
};

const wantsNoStp = ({ settings }: Wanted): boolean =>
  settings.some(({ key, values }) => key === 'bridge-stp' && values[0] === 'off');

/** With spanning tree on, the kernel takes no short delay, and ifupdown2 gives it both at once (3.0.0). */
const endStp = async (host: Host, edits: readonly Edit[], before: readonly Link[]): Promise<void> => {
  for (const op of edits)
    if (op.op === 'put' && wantsNoStp(op.wanted) && before.find(({ name }) => name === op.wanted.name)?.stp)
      await ip(host, 'link', 'set', 'dev', op.wanted.name, 'type', 'bridge', 'stp_state', '0');
};

const puts = (edits: readonly Edit[]): Wanted[] =>
  edits.flatMap((op) => (op.op === 'put' && op.how !== 'later' ? [op.wanted] : []));

const once = async (host: Host, edits: readonly Edit[], before: readonly Link[]): Promise<boolean> => {
  if (edits.some(({ how }) => how === 'reload')) return await reload(host, before);
  return edits.some(({ how }) => how === 'up')
    ? await bringUp(
        host,
        puts(edits).map(({ name }) => name),
      )
    : true;
};

/** A dummy gets its addresses only the second time (ifupdown2 3.0.0): it does not see what it has just made. */
const takeEffect = async (host: Host, edits: readonly Edit[], before: readonly Link[]): Promise<boolean> => {
  await endStp(host, edits, before);
  const first = await once(host, edits, before);
  const ended = (await lacksAddresses(host, puts(edits))) ? await once(host, edits, before) : first;
  for (const wanted of puts(edits)) await routeBack(host, wanted);
  return ended;
};

const apply = async (host: Host, edits: readonly Edit[]): Promise<void> => {
  const before = await linksNow(host);
  await write(host, edits);
  if (await takeEffect(host, edits, before)) applied(host);
  for (const op of edits) if (op.op === 'remove' && op.how !== 'later') await removeLeftover(host, op.name);
};

const payReload = async (host: Host): Promise<void> => {
  const sha256 = readFile(host)?.sha256;
  if (sha256 !== undefined && inEffect.get(host) === sha256) return;
  const before = await linksNow(host);
  if (await reload(host, before)) applied(host);
};

const isEdit = (op: InterfaceOp): op is Edit => op.op === 'put' || op.op === 'remove';

export const convergeTogether = async (ops: readonly InterfaceOp[], host: Host): Promise<void> => {
  const edits = ops.filter(isEdit);
  if (edits.length > 0) await apply(host, edits);
  for (const op of ops) {
    if (op.op === 'restore' && (await restore(host, op, toolOf(host) === 'ifupdown2'))) applied(host);
    if (op.op === 'reload') await payReload(host);
  }
};
