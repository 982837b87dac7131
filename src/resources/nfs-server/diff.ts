import type { Action, Change, Finding, Risk, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { VERSIONS } from '../../facts/nfsd.ts';
import type { Actual } from './read.ts';
import type { Desired, ServerOp } from './schema.ts';
import { isWithoutV3, OUR_FILE, render, type Override } from './settings.ts';

const refuseOverride = ({ file, key, value }: Override): Finding<ServerOp> => ({
  refuses: `${file} sets ${key.replace('.', ': ')}=${value} after ${OUR_FILE}; remove that line from ${file}`,
  changes: [{ path: key, from: value, to: null }],
});

const undoOfFile = (file: string | undefined): Undo<ServerOp> => ({
  by: file === undefined ? { op: 'remove' } : { op: 'write', text: file },
});

const fileChange = (from: string | undefined, to: string): Change => ({
  path: OUR_FILE,
  from: from ?? '',
  to,
  as: 'text',
});

const write = (text: string, file: string | undefined): Action<ServerOp> => ({
  does: { op: 'write', text },
  description: `write the settings of the NFS server to ${OUR_FILE}`,
  risk: 'safe',
  changes: [fileChange(file, text)],
  undo: undoOfFile(file),
});

const remove = (file: string): Action<ServerOp> => ({
  does: { op: 'remove' },
  description: `remove ${OUR_FILE}; a running NFS server keeps its settings until it is restarted`,
  risk: 'safe',
  changes: [fileChange(file, '')],
  undo: undoOfFile(file),
});

/** Without a restart: the kernel adds or ends threads between two requests. */
const setThreads = (threads: number, live: number): Action<ServerOp> => ({
  does: { op: 'set-threads', threads },
  description: `let ${threads} threads serve (now ${live})`,
  risk: 'safe',
  changes: [{ path: 'live threads', from: live, to: threads }],
  undo: { by: { op: 'set-threads', threads: live } },
});

const versionChanges = ({ versions }: Desired, live: NonNullable<Actual['live']>): Change[] => {
  const wanted = VERSIONS.filter((version) => versions?.includes(version));
  return versions === undefined || wanted.join() === live.versions.join()
    ? []
    : [{ path: 'live versions', from: live.versions, to: wanted }];
};

/** Every port of a program must be the declared one. */
const portChanges = ({ ports }: Desired, live: Actual['ports']): Change[] =>
  Object.entries(ports).flatMap(([program, port]) => {
    const found = live[program];
    return port === undefined || found === undefined || found.every((one) => one === port)
      ? []
      : [{ path: `live port of ${program}`, from: found.join(', '), to: String(port) }];
  });

const isOfStatd = ({ path }: Change): boolean => path.endsWith('statd');

const restart = (changes: readonly Change[], risk: Risk): Action<ServerOp> => {
  const needsStatd = changes.some(({ path }) => /statd|lockd/.test(path));
  const needsServer = !changes.every(isOfStatd);
  const units = [
    ...(needsStatd ? (['rpc-statd'] as const) : []),
    ...(needsServer ? (['nfs-server'] as const) : []),
  ];
  return {
    does: { op: 'restart', units },
    description: needsServer
      ? `restart ${units.join(' and ')}: clients wait until they have reclaimed their locks (up to 90 s)`
      : 'restart rpc-statd',
    risk,
    changes,
    undo: { again: 'the server reads its settings when it starts' },
  };
};

/** While the server does not run, statd may: it is started before, with whatever port, and nobody needs it yet. */
const whileStopped = (want: Desired, { ports }: Actual): Action<ServerOp>[] => {
  const changes = portChanges(want, ports).filter(isOfStatd);
  return changes.length === 0 ? [] : [restart(changes, 'safe')];
};

/** Only what cannot be changed while it runs needs a restart, and that one sets the threads as well. */
const liveActions = (want: Desired, found: Actual): Action<ServerOp>[] => {
  const { live } = found;
  if (live === undefined) return whileStopped(want, found);
  const changes = [...versionChanges(want, live), ...portChanges(want, found.ports)];
  if (!changes.every(isOfStatd)) return [restart(changes, 'disruptive')];
  const threads =
    want.threads === undefined || want.threads === live.threads
      ? []
      : [setThreads(want.threads, live.threads)];
  return [...threads, ...(changes.length === 0 ? [] : [restart(changes, 'disruptive')])];
};

const fileActions = (text: string | undefined, file: string | undefined): Action<ServerOp>[] => {
  if (text !== undefined) return text === file ? [] : [write(text, file)];
  return file === undefined ? [] : [remove(file)];
};

/**
 * Our file has kept NFSv3 off and does not any more: what was masked with it would keep the server from its next start.
 * With versions declared, SystemdUnit has the say.
 */
const unmask = (want: Desired, text: string | undefined, { file, masked = [] }: Actual) =>
  masked.length === 0 || want.versions !== undefined || !isWithoutV3(file) || isWithoutV3(text)
    ? []
    : [
        {
          does: { op: 'unmask', units: [...masked] },
          description: `unmask ${masked.join(', ')}, without which NFSv3 does not start`,
          risk: 'safe',
          changes: masked.map((unit) => ({ path: unit, from: 'masked', to: 'unmasked' })),
          undo: { by: { op: 'mask', units: [...masked] } },
        } satisfies Action<ServerOp>,
      ];

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<ServerOp>[] => {
  const found: Actual = actual.is === 'present' ? actual.value : { overrides: [], ports: {} };
  const text = want.ensure === 'absent' ? undefined : render(want);
  // Before the file goes, by which it is known.
  const persisted = [...unmask(want, text, found), ...fileActions(text, found.file)];
  if (want.ensure === 'absent') return persisted;
  if (found.overrides.length > 0) return found.overrides.map(refuseOverride);
  return [...persisted, ...liveActions(want, found)];
};
