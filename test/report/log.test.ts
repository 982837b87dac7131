import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'fs-extra';
import sinon from 'sinon';
import type { Action } from '../../src/engine/action.ts';
import type { RunEvent } from '../../src/engine/events.ts';
import type { OwedDebt } from '../../src/engine/plan.ts';
import { openLog } from '../../src/report/log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const action: Action = {
  does: { op: 'put' },
  description: 'put a',
  risk: 'safe',
  changes: [],
  undo: { none: '' },
};
const owed: OwedDebt = {
  debt: { kind: 'Toy', does: { op: 'restart' }, description: 'restart a', risk: 'safe' },
  step: 'one',
  why: ['Toy[a]'],
  since: '',
};
const ref = 'Toy[a]';
const outcome = (result: 'in sync' | 'failed' | 'held', reason?: string): RunEvent => ({
  event: 'resource',
  outcome: { ref, step: 'one', result, actions: 0, ...(reason === undefined ? {} : { reason }) },
});
const EVENTS: RunEvent[] = [
  { event: 'note', level: 'info', message: 'a note' },
  { event: 'step begins', step: 'one', number: 1 },
  { event: 'action begins', ref, action, risk: 'safe' },
  { event: 'action done', ref, action, milliseconds: 1.4 },
  { event: 'noted', ref, text: 'kept a' },
  { event: 'action failed', ref, action, error: 'exit code 1\n  no\u001b[2J' },
  outcome('in sync'),
  outcome('failed', 'why'),
  outcome('held'),
  { event: 'debt paid', owed },
  { event: 'debt unpaid', owed, held: true, reason: 'r' },
  { event: 'debt unpaid', owed, held: false, reason: 'r' },
];

describe('the log', () => {
  const folder = temporaryFolder();

  /** What goes to standard error. */
  const written = async (stderr: 'systemd' | 'terminal' | 'none', events: RunEvent[], to?: string) => {
    let text = '';
    const write = sinon.stub(process.stderr, 'write').callsFake((chunk, ...rest) => {
      text += String(chunk);
      for (const callback of rest) if (typeof callback === 'function') callback();
      return true;
    });
    try {
      const log = openLog({ stderr, ...(to === undefined ? {} : { folder: () => to }) });
      for (const event of events) log.listen(event);
      await log.close();
    } finally {
      write.restore();
    }
    return text;
  };

  it('gives every line its priority under systemd, each of many too', async () => {
    assert.deepEqual((await written('systemd', EVENTS)).trimEnd().split('\n'), [
      '<6>a note',
      '<5>Toy[a]: put a',
      '<5>Toy[a]: kept a',
      '<3>Toy[a]: could not put a: exit code 1',
      '<3>  no\\x1b[2J',
      '<3>Toy[a]: failed: why',
      '<4>Toy[a]: held',
      '<5>restart a',
      '<4>restart a: still owed: r',
      '<3>restart a: still owed: r',
    ]);
  });

  it('is plain sentences on a terminal', async () => {
    const text = await written('terminal', EVENTS);
    assert.match(
      text,
      /^a note\nToy\[a\]: put a\nToy\[a\]: kept a\nToy\[a\]: could not put a: exit code 1\n {2}no\\x1b\[2J\n/,
    );
  });

  it('is a file of JSON lines that others than its group cannot read', async () => {
    assert.equal(await written('none', EVENTS, `${folder.path}/log`), '');
    const file = `${folder.path}/log/phoenix.log`;
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 9);
    const { timestamp, ...second } = JSON.parse(lines[1]!) as { timestamp: string };
    assert.match(timestamp, /^\d{4}-\d\d-\d\dT.*Z$/);
    const fields = { level: 'notice', message: 'Toy[a]: put a', ref, op: 'put', milliseconds: 1 };
    assert.deepEqual(second, fields);
    assert.equal(fs.statSync(file).mode & 0o007, 0);
  });

  it('opens nothing when there is nothing to tell', async () => {
    assert.equal(await written('systemd', [outcome('in sync')], `${folder.path}/log`), '');
    assert.deepEqual(fs.readdirSync(folder.path), []);
    assert.equal(await written('none', EVENTS), '');
  });

  it('may be made ready before its first line, and ends well without one', async () => {
    const log = openLog({ stderr: 'none', folder: () => `${folder.path}/log` });
    log.expect();
    log.expect();
    await log.close();
    assert.equal(fs.readFileSync(`${folder.path}/log/phoenix.log`, 'utf8'), '');
  });

  it('says that it cannot be written, and lets the run go on', async () => {
    fs.writeFileSync(`${folder.path}/file`, '');
    const text = await written('none', EVENTS, `${folder.path}/file/log`);
    assert.match(text, /^phoenix: no log is written: ENOTDIR[^\n]+\n$/);
    fs.ensureDirSync(`${folder.path}/full`);
    fs.symlinkSync('/dev/full', `${folder.path}/full/phoenix.log`);
    await written('none', EVENTS, `${folder.path}/full`);
  });

  it('has its lines in the file before the process ends', () => {
    const script = `
      import { openLog } from '${import.meta.dirname}/../../src/report/log.ts';
      const log = openLog({ stderr: 'none', folder: () => '${folder.path}/log' });
      for (let n = 0; n < 500; n += 1) log.listen({ event: 'note', level: 'info', message: 'line ' + n });
      await log.close();
      process.exit();`;
    spawnSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
      stdio: 'inherit',
      env: { ...process.env, NODE_V8_COVERAGE: '' },
    });
    const lines = fs.readFileSync(`${folder.path}/log/phoenix.log`, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 500);
    assert.match(lines.at(-1)!, /"line 499"/);
  });
});
