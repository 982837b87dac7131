/** Takes a run back: by its journal, in the reverse order, through the same plan, gate, journal and verification as any run. */
import type { Types } from '../../engine/planner.ts';
import { refOf, type Ref } from '../../engine/resource-type.ts';
import { rollbackCatalog, takingBack } from '../../engine/rollback.ts';
import { takeLock } from '../../host/lock.ts';
import { checkOrConverge } from '../run-setup.ts';
import type { Setting, SetupOptions } from '../setting.ts';
import { stillDeclared } from './still-declared.ts';
import { whatWasDone, type Done } from './what-was-done.ts';

export interface RollbackOptions {
  readonly run: string;
  /** Looked at afterwards: what it still declares will come back. */
  readonly manifest: string;
  readonly check: boolean;
  readonly only: readonly Ref[];
  readonly keepGoing: boolean;
  readonly evenChanged: readonly Ref[];
}

const typesFor =
  ({ carried, run }: Done) =>
  (kinds: Types): Types => {
    const own = new Map(carried.map((one) => [one.resource.ref, one]));
    return new Map(
      [...kinds].map(([kind, type]) => [kind, takingBack(type, (key) => own.get(refOf(kind, key)), run)]),
    );
  };

const optionsFor = (options: RollbackOptions, done: Done): SetupOptions => ({
  manifest: options.manifest,
  check: options.check,
  only: options.only,
  skip: [],
  keepGoing: options.keepGoing,
  reboots: false,
  again: [],
  rollsBack: { run: done.run, types: typesFor(done) },
});

const tellOfManifest = async (
  { manifest, check }: RollbackOptions,
  setting: Setting,
  { carried }: Done,
): Promise<void> => {
  const still = await stillDeclared(manifest, setting, carried);
  if (still === undefined || still.length === 0) return;
  const names =
    still.length > 5 ? `${still.slice(0, 5).join(', ')} and ${still.length - 5} more` : still.join(', ');
  setting.emit({
    event: 'note',
    level: 'warning',
    message:
      `${manifest} still declares what ${check ? 'would be' : 'was'} taken back (${names}): the next \`phoenix setup\`, ` +
      'also by the timer, brings it about again; take the manifest back too, and `phoenix pause` until then',
  });
};

/** Returns the exit code. */
export const runRollback = async (options: RollbackOptions, setting: Setting): Promise<number> => {
  const release = await takeLock(setting.state, setting.holder);
  try {
    const done = await whatWasDone(setting.state, options.run, new Set(options.evenChanged));
    const { steps, confirmation, manifest } = done.head;
    const resources = done.carried.map(({ resource }) => resource);
    const catalog = rollbackCatalog(steps, resources, confirmation);
    const loaded = { catalog, sha256: manifest, fingerprint: '' };
    const exitCode = await checkOrConverge(optionsFor(options, done), setting, loaded);
    await tellOfManifest(options, setting, done);
    return exitCode;
  } finally {
    release();
  }
};
