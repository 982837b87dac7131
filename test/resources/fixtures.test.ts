/**
 * Runs every kind's data fixtures, `test/resources/<kind-folder>/{read,diff,converge}/*.yaml`:
 *
 * - read:     `desired` (a list) and `host` (files, commands, secrets) → `readings` by key
 * - diff:     `desired` and `actual` (a reading) → `findings`; only the fields that a fixture names are compared,
 *             but `does` always whole, and the number of findings too
 * - converge: `op` and `host` → `calls`, the changes asked of the host, in order; or `fails`, part of the message
 */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { isAction, isRefusal, type Finding } from '../../src/engine/action.ts';
import type { Known } from '../../src/engine/reading.ts';
import { kinds } from '../../src/resources/index.ts';
import { FakeHost, type FakeState } from '../support/fake-host.ts';
import { fixturesIn } from '../support/fixtures.ts';

interface ReadFixture {
  desired: object[];
  host: FakeState;
  readings: Record<string, unknown>;
}
interface DiffFixture {
  desired: object;
  actual: Known<unknown>;
  findings: Record<string, unknown>[];
}
interface ConvergeFixture {
  op: unknown;
  host?: FakeState;
  calls?: unknown[];
  fails?: string;
}

const here = import.meta.dirname;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The finding cut to the fields that the fixture names; what it may cut off is never left out. */
const asNamed = (finding: Finding, named: Record<string, unknown>): unknown => {
  const always = isAction(finding)
    ? ['does', 'cutsOff']
    : isRefusal(finding)
      ? ['refuses']
      : ['remarks', 'awaits', 'brings'];
  const fields = new Set([...always, ...Object.keys(named)]);
  return plain(Object.fromEntries(Object.entries(finding).filter(([field]) => fields.has(field))));
};

for (const { folder, type } of kinds) {
  describe(type.kind, () => {
    for (const { name, data } of fixturesIn<ReadFixture>(join(here, folder, 'read')))
      it(`reads: ${name}`, async () => {
        const desired = data.desired.map((one) => type.desired.parse(one));
        const readings = await type.read(new FakeHost(data.host), desired);
        assert.deepEqual(plain(Object.fromEntries(readings)), data.readings);
      });

    for (const { name, data } of fixturesIn<DiffFixture>(join(here, folder, 'diff')))
      it(`diffs: ${name}`, () => {
        const findings = type.diff(type.desired.parse(data.desired), data.actual);
        assert.deepEqual(
          findings.map((finding, index) => asNamed(finding, data.findings[index] ?? {})),
          data.findings,
        );
      });

    for (const { name, data } of fixturesIn<ConvergeFixture>(join(here, folder, 'converge')))
      it(`converges: ${name}`, async () => {
        const host = new FakeHost(data.host);
        const op = type.ops.parse(data.op);
        if (data.fails === undefined) {
          await type.converge(op, host);
          assert.deepEqual(plain(host.calls), data.calls);
        } else {
          const expected = data.fails;
          await assert.rejects(type.converge(op, host), (error: Error) => error.message.includes(expected));
        }
      });
  });
}
