import { strict as assert } from 'node:assert';
import { hasHeaders, nextKernel } from '../../src/facts/kernels.ts';
import { loadedDriver } from '../../src/facts/nvidia-driver.ts';
import { FakeHost } from '../support/fake-host.ts';

const VERSION = '/proc/driver/nvidia/version';

describe('the driver in the running kernel', () => {
  const loaded = (files: Record<string, string>) => loadedDriver(new FakeHost({ files }));

  it('is of two kinds', () => {
    assert.deepEqual(
      loaded({
        [VERSION]:
          'NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.76.05  Tue Aug  5 15:02:30 UTC 2025\nGCC version:  gcc\n',
      }),
      { version: '580.76.05', modules: 'proprietary' },
    );
    assert.deepEqual(
      loaded({
        [VERSION]:
          'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  515.57  Release Build  (archlinux-builder@)\n',
      }),
      { version: '515.57', modules: 'open' },
    );
  });

  it('is none, is known by sysfs alone, or says what nobody knows', () => {
    assert.equal(loaded({}), undefined);
    assert.deepEqual(loaded({ '/sys/module/nvidia/version': '535.1\n' }), {
      version: '535.1',
      modules: 'proprietary',
    });
    assert.throws(
      () => loaded({ [VERSION]: 'something else\n' }),
      /expected a line of NVRM, found "something else"/,
    );
  });
});

describe('the kernel that boots next', () => {
  const kernels = Object.fromEntries(
    ['6.8.12-4-pve', '6.8.12-10-pve'].flatMap((one) => [
      [`/boot/vmlinuz-${one}`, ''],
      [`/lib/modules/${one}/modules.dep`, ''],
    ]),
  );
  const next = (files: Record<string, string>) =>
    nextKernel(new FakeHost({ files: { ...kernels, ...files } }))?.version;

  it('is the newest, one that was pinned, or one that was pinned for one boot', () => {
    assert.equal(next({}), '6.8.12-10-pve');
    assert.equal(next({ '/etc/kernel/proxmox-boot-pin': '6.8.12-4-pve\n' }), '6.8.12-4-pve');
    assert.equal(
      next({
        '/etc/kernel/proxmox-boot-pin': '6.8.12-4-pve\n',
        '/etc/kernel/next-boot-pin': '6.8.12-10-pve\n',
      }),
      '6.8.12-10-pve',
    );
    assert.equal(next({ '/etc/kernel/proxmox-boot-pin': '5.15.1-1-pve\n' }), '6.8.12-10-pve');
    assert.equal(nextKernel(new FakeHost()), undefined);
  });

  it('has headers, or has not', () => {
    const host = new FakeHost({ files: { '/lib/modules/1/build': { target: '/usr/src/linux-headers-1' } } });
    assert.deepEqual([hasHeaders(host, '1'), hasHeaders(host, '2')], [true, false]);
  });
});
