/** Mocha's spec output, closed by the one plain line that CI reads: `N passed, N failed, N skipped`. */
import Mocha from 'mocha';

export default class PlainClosingLine extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats ?? { passes: 0, failures: 1, pending: 0 };
      setImmediate(() => {
        console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
      });
    });
  }
}
