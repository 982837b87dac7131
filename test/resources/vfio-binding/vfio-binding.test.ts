import { strict as assert } from 'node:assert';
import vfioBinding from '../../../src/resources/vfio-binding/index.ts';
import { filesFor, recordIn } from '../../../src/resources/vfio-binding/files.ts';
import { FakeHost } from '../../support/fake-host.ts';

const CARD = '0000:00:12.0';
const TAKEN = [{ address: CARD, id: '8086:10d3', driver: 'e1000e' }];

/** As the kernel is: who may take a device is asked when it is probed. */
class PciHost extends FakeHost {
  readonly moves: string[] = [];

  override writeKernel(path: string, text: string): void {
    super.writeKernel(path, text);
    if (path.endsWith('drivers_probe')) {
      const override = this.readFile(`/sys/bus/pci/devices/${CARD}/driver_override`)!.toString().trim();
      this.take(override === '' ? 'e1000e' : override);
    }
  }

  take(driver: string): void {
    this.moves.push(driver);
    this.symlink(`../../../bus/pci/drivers/${driver}`, `/sys/bus/pci/devices/${CARD}/driver`);
  }
}

const hostWith = (driver: string): PciHost => {
  const folder = `/sys/bus/pci/devices/${CARD}`;
  return new PciHost({
    files: {
      [`${folder}/vendor`]: '0x8086\n',
      [`${folder}/device`]: '0x10d3\n',
      [`${folder}/class`]: '0x020000\n',
      [`${folder}/driver_override`]: '(null)\n',
      [`${folder}/driver`]: { target: `../../../bus/pci/drivers/${driver}` },
      [`${folder}/iommu_group`]: { target: '../../../kernel/iommu_groups/9' },
      [`/sys/kernel/iommu_groups/9/devices/${CARD}`]: '',
    },
  });
};

const read = async (host: FakeHost) =>
  (await vfioBinding.read(host, [vfioBinding.desired.parse({ address: CARD })])).get(CARD);

describe('VfioBinding, otherwise', () => {
  it('converges to what it reads as in sync, and back', async () => {
    const host = hostWith('e1000e');
    const want = vfioBinding.desired.parse({ address: CARD });
    const findings = async (desired = want) => {
      const reading = await read(host);
      assert.equal(reading?.is, 'present');
      return vfioBinding.diff(desired, reading).filter((one) => 'does' in one);
    };
    for (const { does } of await findings()) await vfioBinding.converge(does, host);
    assert.deepEqual(await findings(), []);
    assert.deepEqual(host.moves, ['vfio-pci']);
    const gone = vfioBinding.desired.parse({ address: CARD, ensure: 'absent' });
    for (const { does } of await findings(gone)) await vfioBinding.converge(does, host);
    assert.deepEqual(await findings(gone), []);
    assert.deepEqual(host.moves, ['vfio-pci', 'e1000e']);
  });

  it('finds in its own file what it noted there', () => {
    const devices = [...TAKEN, { address: '0000:00:13.0', id: '10de:1e84' }];
    assert.deepEqual(recordIn(filesFor(CARD, devices)[0]!.text), devices);
  });

  it('wants an address or an id, and nothing that a shell would read', () => {
    for (const wrong of [
      {},
      { address: CARD, id: '8086:10d3' },
      { address: '0000:00:12.0;id' },
      { id: '$(id)' },
    ])
      assert.equal(vfioBinding.desired.safeParse(wrong).success, false);
  });
});
