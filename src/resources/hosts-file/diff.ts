import type { Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { withBlock, type Hosts } from './block.ts';
import { isV6, type Desired, type HostsEntry, type HostsOp } from './schema.ts';

export const HOSTS = '/etc/hosts';

export interface Actual extends Hosts {
  /** The names of the host itself, which are no business of ours. */
  readonly own: readonly string[];
}

const NOTHING: Actual = { before: [], after: [], own: [] };

const linesOf = ({ entries = [] }: Desired): string[] =>
  entries.map(({ address, names }) => `${address}\t${names.join(' ')}`);

/** `Hostname` edits every line that has the name of the host: ours would be next. */
const ownNameIn = ({ entries = [] }: Desired, { own }: Actual): string | undefined =>
  entries.flatMap(({ names }) => names).find((name) => own.includes(name.toLowerCase()));

interface Rival {
  readonly name: string;
  readonly address: string;
  readonly line: number;
}

const rivalIn = (text: string, line: number, want: HostsEntry): Rival | undefined => {
  const [address = '', ...words] = text.replace(/#.*/, '').trim().split(/\s+/);
  if (address === '' || isV6(address) !== isV6(want.address)) return undefined;
  if (address.toLowerCase() === want.address.toLowerCase()) return undefined;
  const taken = words.map((word) => word.toLowerCase());
  const name = want.names.find((one) => taken.includes(one.toLowerCase()));
  return name === undefined ? undefined : { name, address, line };
};

/** The resolver answers with what comes first, and above or below, with both: neither is what the manifest says. */
const rivalOf = ({ entries = [] }: Desired, { before, block, after }: Actual): Rival | undefined => {
  const offset = before.length + (block === undefined ? 0 : block.length + 2);
  const foreign: (readonly [string, number])[] = [
    ...before.map((text, index) => [text, index + 1] as const),
    ...after.map((text, index) => [text, offset + index + 1] as const),
  ];
  for (const want of entries)
    for (const [text, line] of foreign) {
      const rival = rivalIn(text, line, want);
      if (rival !== undefined) return rival;
    }
  return undefined;
};

const refusalOf = (want: Desired, found: Actual): Refusal | undefined => {
  const refuse = (refuses: string): Refusal => ({
    refuses,
    changes: [{ path: 'block', from: found.block ?? null, to: linesOf(want) }],
  });
  if (found.torn !== undefined)
    return refuse(
      `${HOSTS}, line ${found.torn}: a mark of our block without the other; take the marks out, or set them right`,
    );
  const own = ownNameIn(want, found);
  if (own !== undefined)
    return refuse(
      `${own} is a name of this host itself, whose line Hostname manages; declare \`hostname\` and \`address\` instead`,
    );
  const rival = rivalOf(want, found);
  if (rival !== undefined)
    return refuse(
      `${HOSTS}, line ${rival.line}: ${rival.name} stands for ${rival.address} in a line of others; take it out there`,
    );
  return undefined;
};

const wholeOf = ({ block, ...rest }: Actual): string => withBlock(rest, block);

/** Undo brings the lines back; a block that was not there goes again. */
const backTo = (block: readonly string[] | undefined): HostsOp =>
  block === undefined ? { op: 'remove' } : { op: 'write', lines: [...block] };

const change = (found: Actual, to: readonly string[] | undefined): Finding<HostsOp> => ({
  does: to === undefined ? { op: 'remove' } : { op: 'write', lines: [...to] },
  description: `${to === undefined ? 'take our block out of' : found.block === undefined ? 'add our block to' : 'correct our block in'} ${HOSTS}`,
  risk: 'safe',
  changes: [{ path: HOSTS, from: wholeOf(found), to: withBlock(found, to), as: 'text' }],
  undo: { by: backTo(found.block) },
});

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<HostsOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  if (want.ensure === 'absent' && found.torn === undefined)
    return found.block === undefined ? [] : [change(found, undefined)];
  const refusal = refusalOf(want, found);
  if (refusal !== undefined) return [refusal];
  const lines = linesOf(want);
  return found.block !== undefined && found.block.join('\n') === lines.join('\n')
    ? []
    : [change(found, lines)];
};
