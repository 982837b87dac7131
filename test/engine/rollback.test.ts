import { strict as assert } from 'node:assert';
import type { Action, Change, Finding } from '../../src/engine/action.ts';
import { findingsOfRollback, rollbackCatalog, takingBack, type Carried } from '../../src/engine/rollback.ts';
import { steps, toy, toyType, World } from '../support/toy.ts';

const RUN = 'r1';
const change = (path: string, from: unknown, to: unknown): Change => ({ path, from, to });
const action = (op: string, more: Partial<Action> = {}): Action => ({
  does: { op },
  description: op,
  risk: 'safe',
  changes: [change(op, 'old', 'new')],
  undo: { by: { op: `un${op}` } },
  ...more,
});
const carried = (actions: readonly Action[], more: Partial<Carried> = {}): Carried => ({
  resource: toy('a'),
  actions,
  planned: actions,
  whatever: false,
  ...more,
});
const told = (findings: readonly Finding[]): string[] =>
  findings.map((one) =>
    'does' in one
      ? one.does.op
      : 'refuses' in one
        ? `refused: ${one.refuses}`
        : 'remarks' in one
          ? `# ${one.remarks}`
          : '',
  );
const rollback = (of: Carried, found: readonly Finding[] = []): string[] =>
  told(findingsOfRollback(of, found, RUN));

describe('a rollback', () => {
  it('takes back what is as the run left it, the last action first', () => {
    const [a, b] = [action('a'), action('b')];
    assert.deepEqual(rollback(carried([a, b])), ['unb', 'una']);
  });

  it('has nothing to do where all is as it was before, and only the rest where a part is', () => {
    const [a, b] = [action('a'), action('b')];
    assert.deepEqual(rollback(carried([a, b]), [a, b]), []);
    assert.deepEqual(rollback(carried([a, b]), [b]), ['una']);
    const silent = action('mount', { changes: [] });
    assert.deepEqual(rollback(carried([silent]), [silent]), []);
    assert.deepEqual(rollback(carried([silent])), ['unmount']);
  });

  it('knows what was before also where its kind would now do it by other means', () => {
    const whole = action('make', { changes: [change('x', 1, 2), change('y', 1, 2)] });
    const parts = [
      action('set', { changes: [change('y', 1, 2)] }),
      action('set', { changes: [change('x', 1, 2)] }),
    ];
    assert.deepEqual(rollback(carried([whole]), parts), []);
  });

  it('refuses what is neither as the run left it nor as it was, unless it is told', () => {
    const a = action('a');
    const theirs = action('a', { changes: [change('a', 'theirs', 'new')] });
    const other = action('z');
    for (const found of [theirs, other])
      assert.match(rollback(carried([a]), [found])[0] ?? '', /^refused: it was changed since run r1, /);
    assert.deepEqual(rollback(carried([a], { whatever: true }), [theirs]), ['una']);
    const [refusal] = findingsOfRollback(carried([a]), [theirs], RUN);
    assert.ok(refusal !== undefined && 'refuses' in refusal);
    assert.deepEqual(refusal.changes, theirs.changes);
  });

  it('passes on why its kind would not touch it', () => {
    const refuses = { refuses: 'it is a directory now', changes: [] };
    assert.deepEqual(rollback(carried([action('a')]), [refuses]), [
      'refused: it is not as run r1 left it: it is a directory now',
    ]);
    assert.deepEqual(rollback(carried([action('a')], { whatever: true }), [refuses]), ['una']);
  });

  it('leaves alone what the run had planned and not done; without its report, what it had not touched', () => {
    const [a, b] = [action('a'), action('b')];
    assert.deepEqual(rollback(carried([a], { planned: [a, b] }), [b]), ['una']);
    assert.deepEqual(rollback(carried([a], { planned: undefined }), [b]), ['una']);
    const theirs = action('a', { changes: [change('a', 'theirs', 'new')] });
    assert.match(rollback(carried([a], { planned: undefined }), [theirs])[0] ?? '', /^refused/);
  });

  it('tells two secrets apart by what the undo would bring back', () => {
    const secret: Change = { path: 'content', from: null, to: null, as: 'secret' };
    const write = (hash: string) => action('write', { changes: [secret], undo: { by: { op: hash } } });
    assert.deepEqual(rollback(carried([write('before')]), [write('before')]), []);
    assert.match(rollback(carried([write('before')]), [write('theirs')])[0] ?? '', /^refused/);
  });

  it('says what cannot be taken back and why, and does once more what brings the files into effect', () => {
    const made = action('made', { undo: { none: 'it has data' } });
    const restart = action('restart', { undo: { again: 'it reads its file' } });
    const remark = '# cannot be taken back: made: it has data';
    assert.deepEqual(rollback(carried([made, action('a'), restart])), ['una', 'restart', remark]);
    assert.deepEqual(rollback(carried([made, restart])), [remark]);
  });

  it('is an action of its own: turned, no safer than to remove what is used, with the same debts and way back', () => {
    const debt = { kind: 'Toy', does: { op: 'reload' }, description: 'reload', risk: 'safe' as const };
    const of = action('a', { cutsOff: 'sudo', owes: [debt], changes: [change('a', null, 'new')] });
    assert.deepEqual(findingsOfRollback(carried([of]), [], RUN), [
      {
        does: { op: 'una' },
        description: 'take back: a',
        risk: 'disruptive',
        changes: [change('a', 'new', null)],
        undo: { by: { op: 'a' } },
        owes: [debt],
        cutsOff: 'sudo',
      },
    ]);
    const [vital] = findingsOfRollback(carried([action('a', { risk: 'destructive' })]), [], RUN);
    assert.ok(vital !== undefined && 'risk' in vital && vital.risk === 'destructive');
  });

  it('goes through the steps and what required what the other way round', () => {
    const [a, b] = [toy('a'), toy('b', { requires: ['Toy[a]', 'Toy[elsewhere]'], step: 'last' })];
    const catalog = rollbackCatalog(steps('one', 'last'), [a, b], { within: 30 });
    assert.deepEqual(
      catalog.steps.map(({ name, afterSuccess }) => [name, afterSuccess]),
      [
        ['last', false],
        ['one', false],
      ],
    );
    assert.deepEqual(
      catalog.resources.map(({ ref, requires }) => [ref, requires]),
      [
        ['Toy[b]', []],
        ['Toy[a]', ['Toy[b]']],
      ],
    );
    assert.deepEqual(catalog.confirmation, { within: 30 });
  });

  it('goes one by one, unless the kind says that it takes many back at once', () => {
    const kind = toyType(new World(), true);
    const together = (type: typeof kind): boolean =>
      'convergeTogether' in takingBack(type, () => undefined, RUN);
    assert.deepEqual([together(kind), together({ ...kind, takesBackTogether: true })], [false, true]);
  });
});
