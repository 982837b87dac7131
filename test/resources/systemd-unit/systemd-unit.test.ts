import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import systemdUnit from '../../../src/resources/systemd-unit/index.ts';
import { parseUnits } from '../../../src/resources/systemd-unit/facts.ts';
import type { UnitOp } from '../../../src/resources/systemd-unit/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';

const FOLDER = '/etc/systemd/system';
const systemctl = (host: FakeHost): string[] =>
  host.calls.filter(([, program]) => program === 'systemctl').map((call) => call.slice(2).join(' '));
const isShow = (call: string): boolean => call.startsWith('show');

const write = (unit: string): UnitOp => ({
  op: 'write',
  unit,
  files: { [unit]: '[Service]\n' },
  changed: [unit],
  obsolete: [],
});

describe('SystemdUnit, beyond fixtures', () => {
  it('has nothing to write after it has written, whatever stood there', async () => {
    const text = fc.stringMatching(/^[ -~\n]{1,40}$/);
    const dropins = fc.dictionary(fc.constantFrom('a.conf', 'b.conf'), text);
    await fc.assert(
      fc.asyncProperty(text, dropins, dropins, async (content, wanted, old) => {
        const host = new FakeHost({ files: { [`${FOLDER}/x`]: '', '/run/x': '' } });
        for (const dropinsNow of [old, wanted]) {
          const want = systemdUnit.desired.parse({ name: 'lab@.service', content, dropins: dropinsNow });
          const look = async () => {
            const reading = (await systemdUnit.read(host, [want])).get(want.name);
            assert.ok(reading !== undefined && reading.is !== 'unknown');
            return systemdUnit.diff(want, reading);
          };
          for (const finding of await look())
            if ('does' in finding) await systemdUnit.converge(finding.does, host);
          assert.deepEqual(await look(), []);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('needs one process to disable many, and one more for each that is enabled until the next boot', async () => {
    const host = new FakeHost({ files: { [`${FOLDER}/x`]: '' } });
    const disable = (unit: string, runtime = false): UnitOp => ({ op: 'disable', unit, runtime });
    await systemdUnit.convergeTogether?.(
      [disable('a.service'), disable('b.service', true), disable('c.service')],
      host,
    );
    assert.deepEqual(systemctl(host), ['disable -- a.service c.service', 'disable --runtime -- b.service']);
  });

  it('needs one daemon-reload and one process to enable many', async () => {
    const host = new FakeHost({ files: { [`${FOLDER}/x`]: '', '/run/x': '' } });
    const units = ['a.service', 'b.service', 'c.service'];
    await systemdUnit.convergeTogether?.(
      units.flatMap((unit): UnitOp[] => [
        write(unit),
        { op: 'daemon-reload' },
        { op: 'enable', unit },
        { op: 'start', unit, afterFailure: false },
      ]),
      host,
    );
    assert.deepEqual(
      systemctl(host).filter((call) => !isShow(call)),
      [
        'daemon-reload',
        'enable -- a.service b.service c.service',
        ...units.map((unit) => `start -- ${unit}`),
      ],
    );
  });

  it('unmasks all before it starts any: rpcbind.service needs its socket, and the socket its service', async () => {
    const units = ['rpcbind.socket', 'rpcbind.service'];
    const host = new FakeHost({});
    await systemdUnit.convergeTogether?.(
      units.flatMap((unit): UnitOp[] => [
        { op: 'unmask', unit, runtime: false },
        { op: 'start', unit, afterFailure: false },
      ]),
      host,
    );
    assert.deepEqual(
      systemctl(host).filter((call) => !isShow(call)),
      [...units.map((unit) => `unmask -- ${unit}`), ...units.map((unit) => `start -- ${unit}`)],
    );
  });

  it('goes on with the others when one fails, and says which', async () => {
    const host = new FakeHost({
      files: { [`${FOLDER}/x`]: '', '/run/x': '' },
      commands: {
        'systemctl enable -- b.service c.service': { code: 1, stderr: 'Unit file b.service does not exist.' },
        'systemctl enable -- b.service': { code: 1, stderr: 'Unit file b.service does not exist.' },
        'systemd-analyze verify --man=no --recursive-errors=no /run/phoenix-verify/a.service': {
          code: 1,
          stderr: 'a.service: bad',
        },
      },
    });
    const ops = ['a.service', 'b.service', 'c.service'].flatMap((unit): UnitOp[] => [
      write(unit),
      { op: 'enable', unit },
      { op: 'start', unit, afterFailure: false },
    ]);
    await assert.rejects(
      async () => systemdUnit.convergeTogether?.(ops, host),
      (error: Error) =>
        /^a\.service: .*rejects a\.service/.test(error.message) &&
        /\nb\.service: .*not exist/.test(error.message),
    );
    assert.deepEqual(
      systemctl(host).filter((call) => call.startsWith('start')),
      ['start -- c.service'],
    );
    assert.equal(host.readFile(`${FOLDER}/a.service`), undefined);
  });

  it('rejects names that are options or files elsewhere, and what cannot be', () => {
    const rejects = (fields: object): void => {
      assert.equal(systemdUnit.desired.safeParse({ name: 'a.service', ...fields }).success, false);
    };
    for (const name of [
      '-a.service',
      '--now',
      '../a.service',
      'a',
      'a.conf',
      '.a.service',
      'a b.service',
      'a/b.mount',
    ])
      rejects({ name });
    rejects({ dropins: { '../a.conf': 'x' } });
    rejects({ dropins: { 'a.txt': 'x' } });
    rejects({ name: 'a@.service', enabled: 'enabled' });
    rejects({ enabled: 'masked', state: 'started' });
    rejects({ enabled: 'masked', content: 'x' });
    for (const name of [
      'dev-disk-by\\x2did.swap',
      'a@b.service',
      'a:b.target',
      'systemd-fsck@dev-vda.service',
    ])
      assert.ok(systemdUnit.desired.safeParse({ name }).success, name);
  });

  it('waits for what a timer starts and for the template of an instance', () => {
    const requires = (name: string) => systemdUnit.requires?.(systemdUnit.desired.parse({ name }));
    assert.deepEqual(requires('a.timer'), ['SystemdUnit[a.service]']);
    assert.deepEqual(requires('a@b.service'), ['SystemdUnit[a@.service]']);
    assert.deepEqual(requires('a@b.socket'), ['SystemdUnit[a@b.service]', 'SystemdUnit[a@.socket]']);
    assert.deepEqual(requires('a@.service'), []);
    assert.deepEqual(
      systemdUnit.owns?.(
        systemdUnit.desired.parse({ name: 'a.service', content: 'x', dropins: { 'b.conf': 'y' } }),
      ),
      ['unit:a.service', `path:${FOLDER}/a.service`, `path:${FOLDER}/a.service.d/b.conf`],
    );
  });

  it('lists the unit files that somebody wrote, without our first line', async () => {
    const host = new FakeHost({
      files: {
        [`${FOLDER}/ours.service`]: '# managed by phoenix: SystemdUnit[ours.service]\n[Service]\n',
        [`${FOLDER}/theirs.timer`]: '[Timer]\n',
        [`${FOLDER}/empty.timer`]: '',
        [`${FOLDER}/alias.service`]: { target: '/lib/systemd/system/x.service' },
        [`${FOLDER}/multi-user.target.wants/a.service`]: { target: '/x' },
        [`${FOLDER}/notes.txt`]: 'x',
        [`${FOLDER}/private.service`]: { content: '[Service]\nEnvironment=A=b\n', mode: '0600' },
      },
    });
    assert.deepEqual(await systemdUnit.list?.(host), [
      { name: 'ours.service', content: '[Service]\n' },
      { name: 'theirs.timer', content: '[Timer]\n' },
    ]);
    assert.deepEqual(await systemdUnit.list?.(new FakeHost()), []);
  });

  it('does not take other output for units', () => {
    assert.throws(() => parseUnits('Failed to connect to bus\n'), /expected the properties of a unit/);
    assert.equal(parseUnits('\n').size, 0);
  });
});
