import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { UNLESS_TOLD } from '../../src/engine/schedule.ts';
import {
  filesOf,
  ForeignUnit,
  isAsWanted,
  removeUnits,
  writeUnits,
  type UnitFolders,
  type Wanted,
} from '../../src/host/schedule-units.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const REPOSITORY = new URL('../..', import.meta.url).pathname;
const shipped = (unit: string): string => fs.readFileSync(`${REPOSITORY}resources/units/${unit}`, 'utf8');
const WANTED: Wanted = {
  program: `${REPOSITORY}bin/phoenix`,
  manifest: '/etc/phoenix/my host 100%.yaml',
  schedule: { ...UNLESS_TOLD, onCalendar: '*:0/15', mode: 'check' },
};

describe('the units of runs by the timer', () => {
  const folder = temporaryFolder();
  let folders: UnitFolders;
  const packaged = (): void => {
    for (const unit of ['phoenix.service', 'phoenix-check.service', 'phoenix.timer'])
      fs.outputFileSync(`${folders.packaged}/${unit}`, shipped(unit));
  };
  const found = (): string[] => fs.readdirSync(folders.own, { recursive: true, encoding: 'utf8' }).sort();

  beforeEach(() => {
    folders = { own: `${folder.path}/etc`, packaged: `${folder.path}/usr` };
    fs.ensureDirSync(folders.own);
  });
  afterEach(() => {
    fs.emptyDirSync(folder.path);
  });

  it('are copied from an archive, with what the manifest says beside them', () => {
    writeUnits(WANTED, folders);
    assert.deepEqual(found(), [
      'phoenix-check.service',
      'phoenix-check.service.d',
      'phoenix-check.service.d/schedule.conf',
      'phoenix.service',
      'phoenix.service.d',
      'phoenix.service.d/schedule.conf',
      'phoenix.timer',
      'phoenix.timer.d',
      'phoenix.timer.d/schedule.conf',
    ]);
    const text = (name: string): string =>
      fs.readFileSync(`${folders.own}/${name}`, 'utf8').replace(/^#.*\n/, '');
    assert.equal(text('phoenix.service'), shipped('phoenix.service'));
    assert.equal(
      text('phoenix.timer.d/schedule.conf'),
      '[Timer]\nUnit=phoenix-check.service\nOnCalendar=\nOnCalendar=*:0/15\nRandomizedDelaySec=10m\n',
    );
    assert.equal(
      text('phoenix-check.service.d/schedule.conf'),
      `[Service]\nExecStart=\nExecStart=${REPOSITORY}bin/phoenix scheduled --check --manifest "/etc/phoenix/my host 100%%.yaml"\n`,
    );
  });

  it('let a check write the metrics, where there are any', () => {
    const text = (textfile: string): string =>
      filesOf({ ...WANTED, textfile }, folders).get(`${folders.own}/phoenix-check.service.d/schedule.conf`) ??
      '';
    assert.match(
      text('/var/lib/prometheus/node-exporter/x.prom'),
      /\nReadWritePaths=-\/var\/lib\/prometheus\/node-exporter\n$/,
    );
    assert.match(text('/srv/a b/x.prom'), /\nReadWritePaths="-\/srv\/a b"\n$/);
  });

  it('are as the manifest says until it says something else, or somebody changes them', () => {
    assert.ok(!isAsWanted(WANTED, folders));
    writeUnits(WANTED, folders);
    assert.ok(isAsWanted(WANTED, folders));
    assert.ok(!isAsWanted({ ...WANTED, schedule: { ...WANTED.schedule, mode: 'converge' } }, folders));
    fs.appendFileSync(`${folders.own}/phoenix.timer`, 'OnBootSec=1\n');
    assert.ok(!isAsWanted(WANTED, folders));
  });

  it('of the package need no copy, and one that an archive has lent gives way', () => {
    writeUnits(WANTED, folders);
    packaged();
    writeUnits(WANTED, folders);
    assert.ok(!fs.existsSync(`${folders.own}/phoenix.timer`));
    assert.deepEqual(
      [...filesOf(WANTED, folders).keys()].filter((path) => !path.endsWith('/schedule.conf')),
      [],
    );
  });

  it('of somebody else are left alone', () => {
    fs.outputFileSync(`${folders.own}/phoenix.timer`, '[Timer]\nOnCalendar=daily\n');
    assert.throws(() => {
      writeUnits(WANTED, folders);
    }, ForeignUnit);
    removeUnits(folders);
    assert.deepEqual(found(), ['phoenix.timer']);
  });

  it('are removed with all that was made for them, and what the operator has put there stays', () => {
    writeUnits(WANTED, folders);
    fs.outputFileSync(`${folders.own}/phoenix.service.d/mine.conf`, '[Service]\nNice=5\n');
    removeUnits(folders);
    assert.deepEqual(found(), ['phoenix.service.d', 'phoenix.service.d/mine.conf']);
    removeUnits(folders);
  });

  it('that converge bring no namespace: what they mount is to be mounted for all', () => {
    // systemd.exec(5) and systemd.resource-control(5): what of it gives the unit a view of its own of mounts or devices.
    const apart =
      /^(Private|Protect|ReadOnly|ReadWrite|Inaccessible|Bind|Temporary|Root|Mount|Device|Dynamic|NoNew|Restrict(?!Realtime)|CapabilityBounding|State|Cache|Runtime)/;
    const settings = shipped('phoenix.service')
      .split('\n')
      .filter((line) => apart.test(line));
    assert.deepEqual(settings, []);
  });
});
