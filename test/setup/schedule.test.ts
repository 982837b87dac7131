import { strict as assert } from 'node:assert';
import { UNLESS_TOLD } from '../../src/engine/schedule.ts';
import { scheduleOf, scheduleSchema } from '../../src/setup/schedule-schema.ts';

describe('schedule: of the manifest', () => {
  const parsed = (section: object) => scheduleOf(scheduleSchema.parse(section)!);

  it('has the defaults that hold where there is no such section', () => {
    assert.deepEqual(parsed({}), UNLESS_TOLD);
    assert.equal(scheduleSchema.parse(undefined), undefined);
  });

  it('has windows in times of the day', () => {
    assert.deepEqual(parsed({ quiet: ['22:00-06:30'] }).quiet, [{ from: 1320, to: 390 }]);
  });

  it('takes what systemd may know, and nothing that could be more than one value of a unit', () => {
    for (const onCalendar of [
      'Mon..Fri *-*-* 09,21:00/30:00',
      '*:0/15',
      'Mon *-*~7/1',
      'daily Europe/Berlin',
    ])
      assert.equal(parsed({ onCalendar }).onCalendar, onCalendar);
    for (const onCalendar of ['hourly\nUnit=x', '%h', '', 'a=b', '$(id)', 'x'.repeat(101)])
      assert.equal(scheduleSchema.safeParse({ onCalendar }).success, false, onCalendar);
    for (const section of [
      { randomizedDelay: '10m\n' },
      { maxRisk: 'destructive' },
      { quiet: ['2-5'] },
      { often: 1 },
    ])
      assert.equal(scheduleSchema.safeParse(section).success, false, JSON.stringify(section));
  });
});
