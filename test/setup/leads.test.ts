import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import type { Plan, PlannedResource } from '../../src/engine/plan.ts';
import { RealReader } from '../../src/host/real-reader.ts';
import { dpkgTraces, parseDpkgLog } from '../../src/host/leads/dpkg-log.ts';
import { parseJournal } from '../../src/host/leads/journal.ts';
import { lastNaming, lastNear, leadText, names } from '../../src/host/leads/lead.ts';
import { parseZpoolHistory } from '../../src/host/leads/zpool-history.ts';
import { withLeads } from '../../src/setup/leads.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Written by hand after journalctl(1), zpool-history(8) and dpkg.log(5): no captures. */
const JOURNAL = `1764237443.102938 lab sudo[1412]:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/vi /etc/motd
1764237443.110000 lab sudo[1412]: pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)
1764237450.500000 lab usermod[1420]: change user 'heads' shell from '/usr/sbin/nologin' to '/bin/sh'
1764237460.000000 lab sshd-session[1500]: Accepted publickey for root from 10.0.0.5 port 52532 ssh2: ED25519 SHA256:abc
`;
const ZPOOL = `History for 'tank':
2025-11-27.09:57:23 zpool create tank /dev/vdb [user 0 (root) on lab:linux]
2025-11-27.09:58:00 zfs set compression=off tank/data [user 0 (root) on lab:linux]

`;
const DPKG = `2025-11-27 09:57:20 startup archives unpack
2025-11-27 09:57:21 upgrade jq:amd64 1.6-2 1.7-1
2025-11-27 09:57:22 status installed jq:amd64 1.7-1
2025-11-27 09:57:25 configure jq:amd64 1.7-1 <none>
`;
const about = (key: string, ...changed: number[]) => ({
  key,
  paths: key.startsWith('/') ? [key] : [],
  changed,
});

describe('leads', () => {
  it('are taken from the journal, without what says nothing', () => {
    const traces = parseJournal(JOURNAL);
    assert.equal(traces.length, 3);
    assert.deepEqual(lastNaming(traces, about('/etc/motd')), {
      at: 1764237443000,
      text: 'sudo: alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/vi /etc/motd',
    });
    assert.match(lastNaming(traces, about('heads'))?.text ?? '', /^usermod: change user 'heads' shell/);
    assert.equal(lastNaming(traces, about('/etc/mot')), undefined);
    const near = lastNear(traces, about('/x', 1764237461000), 10_000, 0);
    assert.match(near?.text ?? '', /^sshd-session: Accepted publickey for root from 10\.0\.0\.5/);
    assert.equal(lastNear(traces, about('/x', 1764239999000), 10_000, 0), undefined);
  });

  it('are taken from the history of the pools and the log of dpkg', () => {
    const found = lastNaming(parseZpoolHistory(ZPOOL), about('tank/data'));
    assert.deepEqual(found, {
      at: Date.parse('2025-11-27T09:58:00Z'),
      text: 'zpool history: zfs set compression=off tank/data [user 0 (root) on lab:linux]',
    });
    assert.deepEqual(
      parseDpkgLog(DPKG).map(({ text }) => text),
      ['dpkg: upgrade jq', 'dpkg: configure jq'],
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
