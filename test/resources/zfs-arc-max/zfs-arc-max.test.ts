import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { bytesOf, isShare, memorySize, showBytes } from '../../../src/facts/binary-size.ts';
import zfsArcMax from '../../../src/resources/zfs-arc-max/index.ts';
import { valuesIn, withValue } from '../../../src/resources/zfs-arc-max/modprobe.ts';
import { FakeHost } from '../../support/fake-host.ts';

const MEMORY = 64 * 2 ** 30;
const ARCSTATS = '/proc/spl/kstat/zfs/arcstats';

/** As zfs is: it takes a limit that fits between what it knows, and nothing else. */
class ZfsHost extends FakeHost {
  override writeKernel(path: string, text: string): void {
    super.writeKernel(path, text);
    const stats = this.readFile(ARCSTATS)!.toString();
    const now = (name: string) => Number(new RegExp(`^${name} +4 +(\\d+)$`, 'm').exec(stats)![1]);
    const value = Number(text);
    const isMax = path.endsWith('zfs_arc_max');
    const taken = isMax ? value > now('c_min') && value < MEMORY : value <= now('c_max');
    if (taken) this.stats(isMax ? now('c_min') : value, isMax ? value : now('c_max'));
  }

  stats(min: number, max: number): void {
    void this.writeFile(ARCSTATS, `c_min 4 ${min}\nc_max 4 ${max}\n`, { mode: 0o444, uid: 0, gid: 0 });
  }
}

const MIB = 2 ** 20;
const max = fc.integer({ min: 65, max: 60 * 1024 }).map((count) => count * MIB);

describe('ZfsArcMax, otherwise', () => {
  it('reads sizes as people write them, and shows them again', () => {
    assert.equal(bytesOf('32GiB', MEMORY), 32 * 2 ** 30);
    assert.equal(bytesOf('512MiB', MEMORY), 512 * MIB);
    assert.equal(bytesOf('10%', 2592677888), 247 * MIB);
    assert.equal(bytesOf(1234, MEMORY), 1234);
    assert.throws(() => bytesOf('32GB', MEMORY), /expected a size such as 32GiB/);
    assert.deepEqual([1000, 1536, 2 ** 30, 1.5 * 2 ** 40].map(showBytes), [
      '1000 bytes',
      '1.5 KiB',
      '1 GiB',
      '1.5 TiB',
    ]);
    assert.equal(isShare('10%'), true);
    for (const wrong of ['', '0', '0%', '100%', '1.5GiB', '-1GiB', '32GB', '32 GiB', 0, 1.5])
      assert.equal(memorySize.safeParse(wrong).success, false, String(wrong));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom('KiB', 'MiB', 'GiB'), (count, unit) => {
        assert.equal(showBytes(bytesOf(`${count}${unit}`, MEMORY)), `${count} ${unit}`);
      }),
    );
  });

  it('changes a value and no other byte of the file', () => {
    const text = fc
      .array(
        fc.constantFrom(
          '# options zfs zfs_arc_max=1\n',
          'options zfs zfs_arc_max=5 zfs_arc_min=6\n',
          'options  zfs  a=b \\\n zfs_arc_max=7\n',
          'options zfs_other zfs_arc_max=8\n',
          'options zfs "zfs_arc_max=9"\n',
          'install zfs /bin/echo zfs_arc_max=4 $(id)\n',
          '\n',
          'blacklist x',
        ),
      )
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, max, (before, value) => {
        const after = withValue(before, 'max', value);
        const count = valuesIn(before, 'max').length;
        assert.deepEqual(valuesIn(after, 'max'), Array(count).fill(String(value)));
        assert.deepEqual(valuesIn(after, 'min'), valuesIn(before, 'min'));
        assert.equal(withValue(after, 'max', value), after);
        if (count === 0) assert.equal(after, before);
      }),
    );
  });

  it('has nothing left to do after it converged, from whatever limits to whatever limits', async () => {
    const limits = fc.tuple(max, max).map(([a, b]) => [Math.min(a, b) - MIB, Math.max(a, b)] as const);
    await fc.assert(
      fc.asyncProperty(
        limits,
        limits,
        fc.boolean(),
        async ([oldMin, oldMax], [newMin, newMax], declareMin) => {
          const host = new ZfsHost({
            files: {
              '/proc/meminfo': `MemTotal: ${MEMORY / 1024} kB\n`,
              '/etc/modprobe.d/zfs.conf': `options zfs zfs_arc_max=${oldMax} zfs_arc_min=${oldMin}\n`,
            },
          });
          host.stats(oldMin, oldMax);
          const want = zfsArcMax.desired.parse({ max: newMax, ...(declareMin ? { min: newMin } : {}) });
          const findings = async () => {
            const reading = (await zfsArcMax.read(host, [want])).get('system')!;
            assert.equal(reading.is, 'present');
            return zfsArcMax.diff(want, reading as never).filter((one) => !('remarks' in one));
          };
          for (const finding of await findings())
            if ('does' in finding) await zfsArcMax.converge(finding.does, host);
          assert.deepEqual(await findings(), []);
          assert.equal(host.readDirectory('/etc/modprobe.d')?.length, 1);
        },
      ),
    );
  });

  it('knows a file that leads elsewhere as unknown, not as absent', async () => {
    const host = new FakeHost({
      files: {
        '/proc/meminfo': 'MemTotal: 1024 kB\n',
        '/etc/modprobe.d/zfs.conf': { target: '/srv/zfs.conf' },
      },
    });
    await assert.rejects(
      async () => zfsArcMax.read(host, [zfsArcMax.desired.parse({ max: 1 })]),
      /a symlink to/,
    );
    await assert.rejects(
      async () => zfsArcMax.read(new FakeHost({ files: { '/proc/meminfo': 'x' } }), [{ max: 1 }]),
      /expected a line MemTotal/,
    );
    const strange = new FakeHost({
      files: { '/proc/meminfo': 'MemTotal: 1024 kB\n', [ARCSTATS]: 'c_min 4 5\n' },
    });
    await assert.rejects(async () => zfsArcMax.read(strange, [{ max: 1 }]), /expected a line c_max/);
  });

  it('lists what is set for the boot', async () => {
    const files = { '/proc/meminfo': 'MemTotal: 1024 kB\n' };
    assert.deepEqual(await zfsArcMax.list!(new FakeHost({ files })), []);
    const set = { ...files, '/etc/modprobe.d/zfs.conf': 'options zfs zfs_arc_max=77\n' };
    assert.deepEqual(await zfsArcMax.list!(new FakeHost({ files: set })), [{ max: 77 }]);
  });
});
