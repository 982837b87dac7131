import { Args, Command, Flags } from '@oclif/core';
import { hostname } from 'node:os';
import type { KeptRun } from '../engine/kept-run.ts';
import { readPause } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { version } from '../installation.ts';
import { pastRun } from '../setup/past-runs.ts';
import { colourFlag, mustBeRoot, paintOn, print } from './shared.ts';

type Form = 'json' | 'junit' | 'html' | 'prom';

/** What drifted may have left a lead in the logs of the host. */
const withPastLeads = async (run: KeptRun): Promise<KeptRun> => {
  if (run.plan?.resources.some(({ origin }) => origin === 'drift') !== true) return run;
  const { withLeads } = await import('../setup/leads.ts');
  const { RealReader } = await import('../host/real-reader.ts');
  const then = Date.parse(run.entry.at);
  return { ...run, plan: await withLeads(run.plan, new RealReader(), STATE_DIRECTORY, then) };
};

/** Each form is loaded when it is asked for. */
const render = async (form: Form | undefined, run: KeptRun, colour: boolean): Promise<string> => {
  switch (form) {
    case 'json': {
      const { versionRecord } = await import('../report/ndjson.ts');
      const { withoutSecrets } = await import('../engine/without-secrets.ts');
      return `${versionRecord(version)}${JSON.stringify({ type: 'report', ...run }, withoutSecrets)}\n`;
    }
    case 'junit':
      return (await import('../report/junit.ts')).junitText(run);
    case 'html':
      return (await import('../report/html.ts')).htmlText(run);
    case 'prom':
      return (await import('../report/prometheus.ts')).prometheusText(run);
    case undefined:
      return (await import('../report/past-run-text.ts')).pastRunText(run, paintOn(process.stdout, colour));
  }
};

/** Who looks at the last run may wonder why there is no later one. */
const tellPause = async (): Promise<void> => {
  const pause = await readPause(STATE_DIRECTORY);
  if (pause === undefined) return;
  const { pauseText } = await import('../report/pause-text.ts');
  print(`runs by the timer are ${pauseText(pause)}\n`);
};

const formFlag = (form: Form, description: string) =>
  Flags.boolean({
    description,
    exclusive: ['json', 'junit', 'html', 'prom'].filter((other) => other !== form),
  });

export default class Report extends Command {
  static override summary = 'Show one past run: what differed and why, what was done, how it ended';
  static override description =
    'Without a name, the last run. Of a check, and of a run that had nothing to do, only the summary is kept.';
  static override examples = [
    '<%= config.bin %> report',
    '<%= config.bin %> report 20261127T1907 --html --to /root/report.html',
    '<%= config.bin %> report --prom --to /var/lib/prometheus/node-exporter/phoenix.prom',
  ];
  static override args = {
    run: Args.string({ description: 'its name, or the beginning of it, as `phoenix history` lists it' }),
  };
  static override flags = {
    json: formFlag('json', 'print NDJSON: the version record, then one of the type `report`'),
    junit: formFlag('junit', 'print JUnit XML: a resource is a test case'),
    html: formFlag('html', 'print one HTML page, with nothing to load and no script'),
    prom: formFlag('prom', "print metrics for the textfile collector of Prometheus' node_exporter"),
    to: Flags.string({
      description: 'write it there, whole or not at all, readable by everybody if these are metrics',
      helpValue: 'FILE',
    }),
    color: colourFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Report);
    mustBeRoot();
    const form = (['json', 'junit', 'html', 'prom'] as const).find((one) => flags[one]);
    const run = await withPastLeads(await pastRun(STATE_DIRECTORY, hostname(), args.run));
    const text = await render(form, run, flags.color && flags.to === undefined);
    if (flags.to === undefined) {
      print(text);
      if (args.run === undefined && form === undefined) await tellPause();
      return;
    }
    const { writeOutput } = await import('../host/output-file.ts');
    // What differs is not for everybody; how many, is.
    writeOutput(flags.to, text, form === 'prom' ? 0o644 : 0o600);
  }
}
