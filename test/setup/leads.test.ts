import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fs from 'fs-extra';
import type { Plan, PlannedResource } from '../../src/engine/plan.ts';
import { RealReader } from '../../src/host/real-reader.ts';
import { dpkgTraces, parseDpkgLog } from '../../src/host/leads/dpkg-log.ts';
import { parseJournal } from '../../src/host/leads/journal.ts';
import { lastNaming, lastNear, leadText, names } from '../../src/host/leads/lead.ts';
import { parseZpoolHistory } from '../../src/host/leads/zpool-history.ts';
import { withLeads } from '../../src/setup/leads.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Captured on Debian 13 from `journalctl -o short-unix`, `zpool history -l` and /var/log/dpkg.log. */
const captured = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'leads', `${name}.txt`), 'utf8');
const JOURNAL = captured('journal');
const ZPOOL = captured('zpool-history');
const DPKG = captured('dpkg');
const about = (key: string, ...changed: number[]) => ({
  key,
  paths: key.startsWith('/') ? [key] : [],
  changed,
});

describe('leads', () => {
  it('are taken from the journal, without what says nothing', () => {
    const traces = parseJournal(JOURNAL);
    assert.deepEqual(
      traces.map(({ text }) => text.split(' ').slice(0, 3).join(' ')),
      [
        'sshd-session: Accepted publickey',
        'useradd: new group:',
        'useradd: new user:',
        "useradd: add 'alice'",
        "useradd: add 'alice'",
        'su: (to alice)',
        'sudo: alice :',
        'usermod: change user',
        'gpasswd: user alice',
        'sshd-session: Accepted publickey',
        'sudo: alice :',
      ],
    );
    assert.deepEqual(lastNaming(traces, about('/etc/motd')), {
      at: 1795786425000,
      text: 'sudo: alice : PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/tee -a /etc/motd',
    });
    assert.equal(
      lastNaming(traces, about('sudo'))?.text,
      'gpasswd: user alice removed by root from group sudo',
    );
    assert.equal(lastNaming(traces, about('/etc/mot')), undefined);
    const near = lastNear(traces, about('/x', 1795753642000), 10_000, 0);
    assert.match(near?.text ?? '', /^sshd-session: Accepted publickey for root from 10\.0\.2\.2/);
    assert.equal(lastNear(traces, about('/x', 1795760000000), 10_000, 0), undefined);
  });

  it('are taken from the history of the pools and the log of dpkg', () => {
    const found = lastNaming(parseZpoolHistory(ZPOOL), about('tank/data'));
    assert.deepEqual(found, {
      at: Date.parse('2026-11-27T13:33:37Z'),
      text: 'zpool history: zfs set quota=100M tank/data [user 0 (root) on lab:linux]',
    });
    assert.deepEqual(
      parseDpkgLog(DPKG).map(({ text }) => text),
      ['install', 'configure', 'upgrade', 'configure'].map((verb) => `dpkg: ${verb} phoenix-test-hello`),
    );
    assert.deepEqual(dpkgTraces('/nonexistent'), []);
  });

  it('name whole words only, and stay short', () => {
    assert.ok(names('set tank/a x', 'tank/a'));
    assert.ok(!names('set tank/ab x', 'tank/a'));
    assert.ok(names("change user 'a' of aa", 'a'));
    assert.equal(leadText('x'.repeat(500)).length, 201);
  });

  const folder = temporaryFolder();
  const planOf = (...resources: Partial<PlannedResource>[]): Plan =>
    ({ resources, inSync: 0, owed: [] }) as unknown as Plan;
  const drift = (path: string): Partial<PlannedResource> => ({
    ref: `File[${path}]`,
    is: 'drift',
    origin: 'drift',
    actions: [],
  });

  it('say when a file changed and whose it is, and that phoenix took something back', async () => {
    const path = `${folder.path}/f`;
    fs.writeFileSync(path, '');
    const line = (does: string, at: string, ref: string) =>
      JSON.stringify({
        ...{
          run: `r-${does}`,
          at,
          does,
          by: 'root',
          version: '1',
          manifest: 'm',
          exitCode: 0,
          milliseconds: 1,
        },
        ...{ inSync: 0, actions: 1, owed: 0, differed: [{ ref, is: 'drift', result: 'converged' }] },
      });
    const back = [
      line('setup', '2025-01-01T00:00:00Z', `File[${path}]`),
      line('rollback', '2025-01-02T00:00:00Z', `File[${path}]`),
    ];
    fs.writeFileSync(`${folder.path}/history.jsonl`, `${back.join('\n')}\n`);
    const changed: Partial<PlannedResource> = { ...drift('/y'), origin: 'change' };
    const { resources } = await withLeads(planOf(drift(path), changed), new RealReader(), folder.path);
    const [first, second] = resources;
    assert.equal(first?.leads?.[0], 'phoenix took it back, in run r-rollback');
    assert.match(first.leads[1] ?? '', new RegExp(`^${path} was changed at \\d{4}-.* UTC`));
    assert.equal(second?.leads, undefined);
    fs.appendFileSync(
      `${folder.path}/history.jsonl`,
      `${line('setup', '2025-01-03T00:00:00Z', `File[${path}]`)}\n`,
    );
    const past = await withLeads(planOf(drift(path)), new RealReader(), folder.path, 1);
    assert.equal(past.resources[0]?.leads, undefined);
  });

  it('are not looked for where nothing has drifted', async () => {
    const plan = planOf({ ...drift('/x'), origin: 'new' });
    assert.equal(await withLeads(plan, new RealReader(), folder.path), plan);
  });
});
