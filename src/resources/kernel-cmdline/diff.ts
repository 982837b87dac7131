import type { Action, Change, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { KERNEL_CMDLINE, type BootLoader } from '../../facts/boot-loader.ts';
import type { Actual, CmdlineOp, Desired } from './schema.ts';
import { dropInPath, dropInText, keyOf } from './words.ts';

const refuse = (refuses: string, { parameter }: Desired): Refusal => ({
  refuses,
  changes: [{ path: 'at boot', from: null, to: parameter }],
});

/** Linux has an Intel IOMMU on unless it is told otherwise, in most builds: what works and is not spoken of is right. */
const isOnByDefault = (want: Desired, { iommu, live }: Actual): boolean =>
  iommu && live.length === 0 && /^(?:intel_iommu=on|amd_iommu=on)$/.test(want.parameter);

const isOtherCpu = ({ cpu }: Desired, actual: Actual): boolean => cpu !== 'any' && cpu !== actual.cpu;

/** The parameter as the files are to say it; null: not at all. */
const wantedWord = (want: Desired): string | null => (want.ensure === 'present' ? want.parameter : null);

const isRight = (words: readonly string[], word: string | null): boolean =>
  word === null ? words.length === 0 : words.length === 1 && words[0] === word;

/** Of a list that others write too, only the last one counts. */
const isInEffect = (words: readonly string[], word: string | null): boolean =>
  word === null ? words.length === 0 : words.at(-1) === word;

const dropInFor = (want: Desired, { dropIn, elsewhere, entries }: Actual): string | null | undefined => {
  if (want.ensure === 'absent') return dropIn === undefined ? undefined : null;
  const said = entries?.every((words) => isInEffect(words, want.parameter)) ?? false;
  // Somebody else says it already: nothing of ours is needed.
  if (dropIn === undefined && said && elsewhere.length > 0) return undefined;
  return dropIn === dropInText(want) ? undefined : dropInText(want);
};

const wordFor = (want: Desired, { kernelCmdline = [] }: Actual): string | null | undefined =>
  isRight(kernelCmdline, wantedWord(want)) ? undefined : wantedWord(want);

const changesOf = (want: Desired, actual: Actual, op: CmdlineOp): Change[] => {
  const key = keyOf(want);
  const changes: Change[] = [];
  if (op.dropIn !== undefined)
    changes.push({ path: dropInPath(key), from: actual.dropIn ?? null, to: op.dropIn, as: 'text' });
  if (op.word !== undefined)
    changes.push({ path: KERNEL_CMDLINE, from: actual.kernelCmdline?.join(' ') || null, to: op.word });
  return changes.length > 0
    ? changes
    : [
        {
          path: 'entries of the boot loader',
          from: lacking(want, actual).join(' ') || null,
          to: wantedWord(want),
        },
      ];
};

/** What entries say that do not say what they should. */
const lacking = (want: Desired, { entries = [] }: Actual): string[] =>
  entries.filter((words) => !isInEffect(words, wantedWord(want))).flat();

const isGenerated = (want: Desired, { entries }: Actual): boolean =>
  entries?.every((words) => isInEffect(words, wantedWord(want))) ?? true;

const undoOf = (op: CmdlineOp, actual: Actual): CmdlineOp => ({
  op: 'set',
  key: op.key,
  ...(op.dropIn === undefined ? {} : { dropIn: actual.dropIn ?? null }),
  ...(op.word === undefined ? {} : { word: actual.kernelCmdline?.at(-1) ?? null }),
  by: op.by,
});

const set = (want: Desired, actual: Actual, loader: BootLoader): Action<CmdlineOp>[] => {
  const dropIn = loader.grub ? dropInFor(want, actual) : undefined;
  const word = loader.cmdline ? wordFor(want, actual) : undefined;
  if (dropIn === undefined && word === undefined && isGenerated(want, actual)) return [];
  const does: CmdlineOp = {
    op: 'set',
    key: keyOf(want),
    ...(dropIn === undefined ? {} : { dropIn }),
    ...(word === undefined ? {} : { word }),
    by: [...loader.by],
  };
  const what = want.ensure === 'present' ? `add ${want.parameter} to` : `take ${keyOf(want)} off`;
  return [
    {
      does,
      description: `${what} the kernel's command line of the next boot (${loader.name})`,
      risk: 'disruptive',
      changes: changesOf(want, actual, does),
      undo: { by: undoOf(does, actual) },
    },
  ];
};

const foreign = (want: Desired, { elsewhere, loader }: Actual): Refusal[] =>
  want.ensure === 'absent' && loader?.grub && elsewhere.length > 0
    ? [refuse(`${elsewhere.join(', ')} names ${keyOf(want)}; take it out there, and run update-grub`, want)]
    : [];

const refusals = (want: Desired, actual: Actual): Refusal[] => {
  if (actual.loader === undefined)
    return [
      refuse(
        'found none of GRUB, systemd-boot and proxmox-boot-tool; add the parameter by the means of this boot loader',
        want,
      ),
    ];
  if (actual.loader.cmdline && !actual.hasRoot)
    return [
      refuse(
        `${KERNEL_CMDLINE} has no root=, and a host that boots by it would not find its root; write the whole command line there first`,
        want,
      ),
    ];
  return foreign(want, actual);
};

const awaiting = (want: Desired, actual: Actual): Finding<CmdlineOp>[] =>
  isInEffect(actual.live, wantedWord(want))
    ? []
    : [
        {
          awaits: 'reboot',
          brings:
            want.ensure === 'present'
              ? `${want.parameter} is in effect`
              : `${keyOf(want)} is no longer in effect`,
          since: new Date(actual.written).toISOString(),
        },
      ];

export const diff = (want: Desired, reading: Known<Actual>): Finding<CmdlineOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  if (isOtherCpu(want, actual) || (want.ensure === 'present' && isOnByDefault(want, actual))) return [];
  const refused = refusals(want, actual);
  if (refused.length > 0 || actual.loader === undefined) return refused;
  const actions = set(want, actual, actual.loader);
  return actions.length > 0 ? actions : awaiting(want, actual);
};
