import { strict as assert } from 'node:assert';
import { awaitedNow, type Outcome } from '../../src/engine/outcome.ts';
import type { Awaited, Plan } from '../../src/engine/plan.ts';
import { whyNotNow, type Circumstances, type RebootPolicy } from '../../src/engine/reboot.ts';

const IOMMU: Awaited = {
  ref: 'KernelCmdline[iommu]',
  brings: 'iommu=pt is in effect',
  since: '2026-01-01T00:00:00.000Z',
};
const NOUVEAU: Awaited = { ...IOMMU, ref: 'ModprobeOption[nouveau]', brings: 'nouveau is no longer loaded' };
const ALLOWED: RebootPolicy = { when: 'allowed', mayStop: [] };
const QUIET: Circumstances = { converged: true, now: 180, running: [] };
const before = (...causes: string[]) => ({ at: '2026-01-02T00:00:00.000Z', run: 'R', causes });

describe('a reboot that is owed', () => {
  it('is made where the manifest allows it, and never else', () => {
    assert.deepEqual(whyNotNow(ALLOWED, [IOMMU], QUIET), []);
    assert.match(whyNotNow({ ...ALLOWED, when: 'never' }, [IOMMU], QUIET).join(), /does not allow it/);
  });

  it('waits for a run that has converged', () => {
    assert.match(
      whyNotNow(ALLOWED, [IOMMU], { ...QUIET, converged: false }).join(),
      /not all .* has converged/,
    );
  });

  it('keeps to its window, over midnight too', () => {
    const at = (from: number, to: number, now: number) =>
      whyNotNow({ ...ALLOWED, window: { from, to } }, [IOMMU], { ...QUIET, now });
    assert.deepEqual(at(120, 300, 120), []);
    assert.deepEqual(at(120, 300, 300), ['it is 05:00, and the window is from 02:00 to 05:00']);
    assert.deepEqual(at(1380, 240, 1400), []);
    assert.deepEqual(at(1380, 240, 10), []);
    assert.equal(at(1380, 240, 240).length, 1);
  });

  it('does not stop a guest that may not be stopped', () => {
    const running = [
      { id: 100, name: 'web' },
      { id: 101, name: 'dns' },
    ];
    const why = (mayStop: RebootPolicy['mayStop']) =>
      whyNotNow({ ...ALLOWED, mayStop }, [IOMMU], { ...QUIET, running });
    assert.match(why([100]).join(), /^guest 101 \(dns\) runs and may not be stopped/);
    assert.deepEqual(why([100, 101]), []);
    assert.deepEqual(why('all'), []);
  });

  it('is made once for one cause; another cause is another reboot', () => {
    const made = before('KernelCmdline[iommu]: iommu=pt is in effect');
    assert.match(
      whyNotNow(ALLOWED, [IOMMU], { ...QUIET, before: made }).join(),
      /^run R rebooted for it at 2026-01-02/,
    );
    assert.deepEqual(whyNotNow(ALLOWED, [IOMMU, NOUVEAU], { ...QUIET, before: made }), []);
  });

  it('is for what the plan had, and for what was changed since', () => {
    const plan: Plan = { resources: [], inSync: 0, owed: [], reboot: [IOMMU] };
    const outcome = (ref: Outcome['ref'], awaits?: Awaited[]): Outcome => ({
      ref,
      step: 'vfio',
      result: 'converged',
      actions: 1,
      ...(awaits === undefined ? {} : { awaits }),
    });
    assert.deepEqual(awaitedNow(plan, []), [IOMMU]);
    assert.deepEqual(awaitedNow(plan, [outcome(IOMMU.ref)]), []);
    assert.deepEqual(awaitedNow(plan, [outcome(NOUVEAU.ref, [NOUVEAU])]), [IOMMU, NOUVEAU]);
  });
});
