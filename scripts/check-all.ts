import { execa } from 'execa';

import { npmScript, report, stage, type StageResult } from './stages.ts';

/** The image is built beside the checks of the source, which leave much of the machine idle. */
const image = execa('nice', ['-n', '10', 'node', '--import', 'tsx', 'test/lab/cli.ts', 'image'], {
  stdin: 'ignore',
  all: true,
  reject: false,
});
const imageBuilt = async () => {
  const { failed, all } = await image;
  console.log(all);
  return { ok: !failed, output: '' };
};

const script = (name: string) => () => stage(name, () => npmScript(name));
/** The Debian packages, clean by lintian. */
const packages = () => stage('package', () => npmScript('package', '--lint'));

const stages: readonly (() => Promise<StageResult>)[] = [
  ...['format', 'lint', 'types', 'generate:check', 'unit', 'dead-code'].map(script),
  packages,
  () => stage('lab: image', imageBuilt),
  script('lab:test'),
];

const results: StageResult[] = [];
for (const run of stages) {
  const result = await run();
  results.push(result);
  if (!result.ok) {
    console.error(`\n=== ${result.name} FAILED; the stages after it did not run`);
    process.exitCode = 1;
    break;
  }
}
image.kill();
await image;
console.log(report(results));
