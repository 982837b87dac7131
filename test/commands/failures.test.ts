import { strict as assert } from 'node:assert';
import { Errors } from '@oclif/core';
import { NotRoot, UsageError } from '../../src/commands/errors.ts';
import { failureOf } from '../../src/commands/failures.ts';
import { Unreadable } from '../../src/host/errors.ts';
import { LockHeld } from '../../src/host/lock.ts';
import { NotFound, Untrusted } from '../../src/host/trusted-file.ts';
import { NotInManifest } from '../../src/setup/narrow.ts';

const ofSystem = (code: string): Error =>
  Object.assign(new Error(`${code}: it failed`), { code, syscall: 'open' });

describe('failures', () => {
  it('have the exit code that is documented, and never that of drift', () => {
    const codes: [unknown, number][] = [
      [new UsageError('x'), 64],
      [new NotInManifest('x'), 64],
      [new Errors.CLIError('x'), 64],
      [new LockHeld('/lock', undefined), 75],
      [new NotRoot('x'), 77],
      [new Untrusted('/a', '/a', 'is owned by uid 1', 'look'), 77],
      [new Unreadable('/a', ofSystem('EACCES')), 77],
      [new Unreadable('/a', ofSystem('EIO')), 78],
      [new Unreadable('/a', 'larger than 16 bytes'), 78],
      [new NotFound('/a', '/a'), 78],
      [ofSystem('ENOSPC'), 4],
      [new Error('x'), 1],
      ['x', 1],
    ];
    for (const [error, code] of codes) assert.equal(failureOf(error).exitCode, code, String(error));
  });

  it('of phoenix itself say so, with what a report needs', () => {
    const { message } = failureOf(new TypeError('x is undefined'));
    assert.match(
      message,
      /^phoenix itself failed; this is a bug\. Please report it with this text and what you ran:\nphoenix \S+, node v/,
    );
    assert.match(message, /TypeError: x is undefined\n {4}at /);
    assert.match(failureOf('text').message, /\ntext$/);
  });

  it('cannot write on the terminal', () => {
    assert.equal(failureOf(new UsageError('\u001b[2J')).message, '\\x1b[2J');
  });
});
