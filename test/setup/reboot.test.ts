import { strict as assert } from 'node:assert';
import { policyOf, rebootSchema } from '../../src/setup/reboot-schema.ts';

describe('reboot: of the manifest', () => {
  it('allows nothing unless it says so', () => {
    assert.deepEqual(policyOf(rebootSchema.parse(undefined)), { when: 'never', mayStop: [] });
  });

  it('has a window in times of the day', () => {
    const policy = policyOf(rebootSchema.parse({ when: 'allowed', window: '23:30-04:05', mayStop: [100] }));
    assert.deepEqual(policy, { when: 'allowed', mayStop: [100], window: { from: 1410, to: 245 } });
    for (const window of ['2-5', '24:00-05:00', '02:00 - 05:00', '02:60-03:00'])
      assert.equal(rebootSchema.safeParse({ window }).success, false, window);
  });
});
