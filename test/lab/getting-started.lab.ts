/** docs/getting-started.md, followed to the letter by a new operator on a host that has never seen phoenix. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { packageFile } from './package-file.ts';
import { edited, printedPattern, stepsIn } from './page.ts';
import { MANIFEST } from './phoenix.ts';

const ROOT = join(import.meta.dirname, '../..');
const STEPS = stepsIn(readFileSync(join(ROOT, 'docs/getting-started.md'), 'utf8'));

describeLab('the page "Getting started"', { phoenix: false }, (lab) => {
  before(async () => {
    const deb = packageFile('phoenix');
    await lab.machine.copyIn(deb, `/root/${basename(deb)}`);
  });

  STEPS.forEach((step, index) => {
    const does = 'yaml' in step ? 'an edit of the manifest' : step.lines.trim().split('\n').at(-1);
    it(`${step.section} (block ${index + 1}): ${does}`, async () => {
      if ('yaml' in step) {
        const manifest = await lab.machine.succeed(`cat ${MANIFEST}`);
        await lab.machine.writeFile(MANIFEST, edited(manifest, step.yaml));
        return;
      }
      const printed = await lab.machine.succeed(`cd /root; exec 2>&1\n${step.lines}`);
      if (step.printed !== undefined) assert.match(`${printed}\n`, printedPattern(step.printed));
      else if (!step.lines.startsWith('apt ')) assert.equal(printed, '');
    });
  });

  it('leaves the host as the page says', async () => {
    await lab.machine.succeed(
      allOf(
        'test "$(sysctl -n vm.swappiness)" = 10 && grep -qx "vm.swappiness = 10" /etc/sysctl.d/*',
        'systemctl is-enabled phoenix.timer && systemctl is-active phoenix.timer',
        `test "$(stat -c '%U %a' ${MANIFEST})" = 'root 600'`,
        'grep -rqx "by hand" /var/lib/phoenix/backups',
      ),
    );
  });
});
