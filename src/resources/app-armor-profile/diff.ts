import type { Action, Change, Finding, Refusal, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { marked, pathOf } from './files.ts';
import type { Actual, OnDisk, ProfileState, Surplus } from './read.ts';
import { remarksOf } from './remarks.ts';
import type { Desired, ProfileOp } from './schema.ts';

type ProfileAction = Action<ProfileOp>;

const refuse = (refuses: string, path: string, from: unknown, to: unknown): Refusal => ({
  refuses,
  changes: [{ path, from, to }],
});

/** What a tunable or a package that comes in the same run may still mend. */
const MAY_COME = /never declared|not previously declared|Could not open|not found/;

const isFinal = (errors: readonly string[]): boolean =>
  errors.length > 0 && !errors.some((line) => MAY_COME.test(line));

const showMeta = ({ mode, uid, gid }: NonNullable<OnDisk['kept']>): string =>
  `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`;

const undoWrite = ({ name }: Desired, file: OnDisk | undefined): Undo<ProfileOp> =>
  file?.kept === undefined ? { by: { op: 'remove', name } } : { by: { op: 'restore', name, ...file.kept } };

const write = (want: Desired, content: string, actual: Actual): ProfileAction => {
  const { file, errors } = actual;
  const path = pathOf(want.name);
  const to = marked(want.name, content);
  const foreign = file !== undefined && file.ours === false ? ', which somebody else wrote' : '';
  const said = errors.length === 0 ? '' : `; as things stand the parser rejects it: ${errors.join('; ')}`;
  return {
    does: { op: 'write', name: want.name, content },
    description: `write ${path}${foreign}${said}`,
    risk: 'safe',
    changes:
      file?.kept !== undefined && file.text === to
        ? [{ path: 'mode of the file', from: showMeta(file.kept), to: '0644 0:0' }]
        : [{ path, from: file?.text ?? null, to, as: 'text' }],
    undo: undoWrite(want, file),
  };
};

const writes = (want: Desired, actual: Actual): ProfileAction[] =>
  want.content === undefined || actual.file?.same ? [] : [write(want, want.content, actual)];

const setMode = ({ name, mode }: Desired, { mode: from }: Actual): ProfileAction[] =>
  from === mode
    ? []
    : [
        {
          does: { op: 'mode', name, mode },
          description: `let ${name} be loaded as ${mode} at boot`,
          risk: 'safe',
          changes: [{ path: 'mode', from, to: mode }],
          undo: { by: { op: 'mode', name, mode: from } },
        },
      ];

const wasLoaded = ({ loaded }: ProfileState): string =>
  loaded === undefined
    ? 'not loaded'
    : `${loaded.mode}, ${loaded.same === null ? 'unknown' : 'another'} policy`;

/** Where the kernel tells no hash, what was just written counts as not loaded. */
const isStale = (want: Desired, { file }: Actual, { loaded }: ProfileState): boolean => {
  if (loaded === undefined) return true;
  if (loaded.same !== null) return !loaded.same;
  const wrongMode = want.mode === 'complain' && loaded.mode === 'enforce';
  return wrongMode || (want.content !== undefined && !file?.same);
};

/** What was not there goes again, but never from under a process; what was comes with the file. */
const undoLoad = (stale: readonly ProfileState[]): Undo<ProfileOp> =>
  stale.length > 0 && stale.every(({ loaded }) => loaded === undefined)
    ? { by: { op: 'unload', profiles: stale.map(({ name }) => name), unlessUsed: true } }
    : { none: 'the way back of the file loads what it had' };

const load = (want: Desired, actual: Actual): ProfileAction[] => {
  if (want.mode === 'disabled') return [];
  const stale = actual.profiles.filter((profile) => isStale(want, actual, profile));
  const unknown = !actual.parser || actual.errors.length > 0;
  if (stale.length === 0 && !unknown) return [];
  const names = stale.length === 0 ? want.name : stale.map(({ name }) => name).join(', ');
  const changes: Change[] = stale.map((profile) => ({
    path: profile.name,
    from: wasLoaded(profile),
    to: `as in the file, ${want.mode}`,
  }));
  return [
    {
      does: { op: 'load', name: want.name },
      description: `load ${names} into the kernel (${want.mode}); what runs under it stays confined`,
      risk: 'disruptive',
      changes: changes.length > 0 ? changes : [{ path: want.name, from: null, to: want.mode }],
      undo: undoLoad(stale),
    },
  ];
};

const peopleOf = ({ name, pids }: Surplus): string =>
  pids.length === 0 ? name : `${name} (process ${pids.join(', ')} will run unconfined from then on)`;

const unload = (want: Desired, { surplus, file }: Actual): ProfileAction[] =>
  surplus.length === 0
    ? []
    : [
        {
          does: { op: 'unload', profiles: surplus.map(({ name }) => name) },
          description: `unload ${surplus.map(peopleOf).join(', ')}`,
          risk: surplus.some(({ pids }) => pids.length > 0) ? 'destructive' : 'disruptive',
          changes: surplus.map(({ name }) => ({ path: name, from: 'loaded', to: null })),
          undo: file === undefined ? { none: 'no file has it' } : { by: { op: 'load', name: want.name } },
        },
      ];

const remove = (want: Desired, actual: Actual): ProfileAction => ({
  does: { op: 'remove', name: want.name },
  description: `remove ${pathOf(want.name)}`,
  risk: 'safe',
  changes: [
    { path: pathOf(want.name), from: actual.file?.text ?? null, to: null, as: 'text' },
    ...(actual.mode === 'enforce' ? [] : [{ path: 'mode', from: actual.mode, to: null }]),
  ],
  undo: undoWrite(want, actual.file),
});

const refuseGuests = ({ guests, surplus }: Actual): Refusal =>
  refuse(
    `${guests.join(', ')} names ${surplus.map(({ name }) => name).join(', ')}: the container would not start; ` +
      'give it another lxc.apparmor.profile first',
    'unload',
    guests,
    null,
  );

const diffAbsent = (want: Desired, actual: Actual): Finding<ProfileOp>[] => {
  if (actual.file !== undefined && actual.file.ours !== true)
    return [
      refuse(
        `${pathOf(want.name)} was not written by phoenix; declare \`mode: disabled\`, or remove it yourself`,
        'file',
        'somebody else’s',
        null,
      ),
    ];
  return [...unload(want, actual), remove(want, actual)];
};

const refusalOf = (
  want: Desired,
  { enabled, file, errors, guests, ...rest }: Actual,
): Refusal | undefined => {
  const path = pathOf(want.name);
  if (guests.length > 0) return refuseGuests({ enabled, file, errors, guests, ...rest } as Actual);
  if (want.ensure === 'absent') return undefined;
  if (!enabled && want.mode !== 'disabled')
    return refuse(
      'AppArmor is not enabled in the running kernel; boot with apparmor=1 security=apparmor',
      'AppArmor',
      'off',
      'on',
    );
  if (file !== undefined && file.type !== 'file')
    return refuse(`${path} is a ${file.type}, not a file; move it away`, 'type', file.type, 'file');
  if (file === undefined && want.content === undefined)
    return refuse(
      `${path} does not exist, and only its mode is declared; give it a content`,
      path,
      null,
      want.mode,
    );
  if (isFinal(errors))
    return refuse(
      `apparmor_parser rejects ${want.name}; nothing is changed:\n${errors.join('\n')}`,
      path,
      file?.text === undefined ? null : 'as it is',
      'rejected',
    );
  return undefined;
};

export const diff = (want: Desired, reading: Known<Actual>): readonly Finding<ProfileOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  const refusal = refusalOf(want, actual);
  if (refusal !== undefined) return [refusal];
  if (want.ensure === 'absent') return diffAbsent(want, actual);
  const [file, mode] = [writes(want, actual), setMode(want, actual)];
  // A crash in between leaves the looser of the two, at boot: a mistake in a new profile must not be enforced alone.
  const persisted = want.mode === 'enforce' ? [...file, ...mode] : [...mode, ...file];
  return [...unload(want, actual), ...persisted, ...load(want, actual), ...remarksOf(want, actual)];
};
