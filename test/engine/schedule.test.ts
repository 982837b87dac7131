import { strict as assert } from 'node:assert';
import { isWithin, windowText } from '../../src/engine/day-window.ts';
import { heldBack } from '../../src/engine/gate.ts';
import { consentOfTimer, quietNow, UNLESS_TOLD } from '../../src/engine/schedule.ts';
import type { Action, Risk } from '../../src/engine/action.ts';

const act = (risk: Risk): Action => ({
  does: { op: 'do' },
  description: 'do it',
  risk,
  changes: [],
  undo: { none: 'a test' },
});

describe('a run by the timer', () => {
  const quiet = {
    ...UNLESS_TOLD,
    quiet: [
      { from: 22 * 60, to: 6 * 60 },
      { from: 720, to: 750 },
    ],
  };

  it('is quiet within a window, its begin included and its end not, over midnight too', () => {
    const isQuiet = (hours: number, minutes: number) => quietNow(quiet, hours * 60 + minutes) !== undefined;
    for (const [hours, minutes] of [
      [22, 0],
      [23, 59],
      [0, 0],
      [5, 59],
      [12, 0],
      [12, 29],
    ] as const)
      assert.ok(isQuiet(hours, minutes), `${hours}:${minutes}`);
    for (const [hours, minutes] of [
      [6, 0],
      [11, 59],
      [12, 30],
      [21, 59],
    ] as const)
      assert.ok(!isQuiet(hours, minutes), `${hours}:${minutes}`);
    assert.equal(quietNow(UNLESS_TOLD, 0), undefined);
    assert.equal(windowText({ from: 22 * 60 + 5, to: 6 * 60 }), '22:05-06:00');
    assert.ok(!isWithin(5, { from: 5, to: 5 }), 'a window of no length is never open');
  });

  it('does what is safe, and what is disruptive where the manifest says so; never what is destructive', () => {
    const held = (risk: Risk, maxRisk: 'safe' | 'disruptive') =>
      heldBack('File[/x]', act(risk), consentOfTimer({ ...UNLESS_TOLD, maxRisk }));
    assert.equal(held('safe', 'safe'), undefined);
    assert.equal(held('disruptive', 'safe'), 'disruptive, and this run is limited to safe');
    assert.equal(held('disruptive', 'disruptive'), undefined);
    assert.equal(held('destructive', 'disruptive'), 'destructive, and this run is limited to disruptive');
  });
});
