/** What a failure means to whoever started us: a message and an exit code. */
import { Errors } from '@oclif/core';
import { EXIT } from '../engine/outcome.ts';
import { reasonOf } from '../engine/reading.ts';
import { escapeControls } from '../host/display.ts';
import { UnsafePath, Unreadable } from '../host/errors.ts';
import { AlreadyThere } from '../host/new-file.ts';
import { LockHeld } from '../host/lock.ts';
import { ForeignUnit } from '../host/schedule-units.ts';
import { NotFound, Untrusted } from '../host/trusted-file.ts';
import { NotInManifest } from '../setup/narrow.ts';
import { NoSuchRun } from '../setup/no-such-run.ts';
import { CannotRollBack } from '../setup/rollback/cannot.ts';
import { NoPlan } from '../setup/saved-plan/refused.ts';
import { StillUnconfirmed } from '../setup/still-unconfirmed.ts';
import { version } from '../installation.ts';
import { NotRoot, UsageError } from './errors.ts';

export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

const bug = (error: unknown): Failure => ({
  exitCode: EXIT.bug,
  message:
    `phoenix itself failed; this is a bug. Please report it with this text and what you ran:\n` +
    `phoenix ${version}, node ${process.version}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
});

/** oclif numbers its usage errors 2, which means drift here. */
const isUsage = (error: unknown): boolean =>
  error instanceof Errors.CLIError ||
  error instanceof UsageError ||
  error instanceof NotInManifest ||
  error instanceof AlreadyThere ||
  error instanceof NoSuchRun ||
  error instanceof ForeignUnit ||
  error instanceof NoPlan ||
  error instanceof CannotRollBack;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;

const isOfSystem = (error: unknown): boolean => codeOf(error) !== undefined;

/** What cannot be read before anything is planned is the manifest, or a file that it names. */
const exitCodeOfUnreadable = ({ cause }: Unreadable): number =>
  ['EACCES', 'EPERM'].includes(codeOf(cause) ?? '') ? EXIT.noPermission : EXIT.badManifest;

export const failureOf = (error: unknown): Failure => {
  const message = escapeControls(reasonOf(error));
  if (error instanceof LockHeld || error instanceof StillUnconfirmed)
    return { message, exitCode: EXIT.locked };
  if (error instanceof Untrusted || error instanceof UnsafePath || error instanceof NotRoot)
    return { message, exitCode: EXIT.noPermission };
  if (error instanceof NotFound) return { message, exitCode: EXIT.badManifest };
  if (error instanceof Unreadable) return { message, exitCode: exitCodeOfUnreadable(error) };
  // A full or read-only disk, say: nothing that a report of a bug would mend.
  if (isOfSystem(error)) return { message, exitCode: EXIT.failed };
  if (isUsage(error)) return { message, exitCode: EXIT.usage };
  return bug(error);
};
