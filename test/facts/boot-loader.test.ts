import { strict as assert } from 'node:assert';
import { bootEntries } from '../../src/facts/boot-entries.ts';
import { bootLoaderOf } from '../../src/facts/boot-loader.ts';
import { FakeHost } from '../support/fake-host.ts';

const LOOK = 'unshare --mount --propagation private sh';
const withPartitions = (seen: string): FakeHost =>
  new FakeHost({
    files: {
      '/etc/kernel/proxmox-boot-uuids': '# two disks\n1A2B-3C4D\n5E6F-7A8B\n',
      '/usr/sbin/update-grub': '',
    },
    commands: { [LOOK]: seen },
  });

describe('what boots a host of proxmox-boot-tool', () => {
  const by = ['proxmox-boot-tool'];

  it('is what is on the partitions, and one that is not there is named', async () => {
    const host = withPartitions('partition 1A2B-3C4D uefi\noptions root=/dev/a quiet\npartition 5E6F-7A8B\n');
    const loader = await bootLoaderOf(host);
    assert.deepEqual(loader, {
      name: 'proxmox-boot-tool (systemd-boot; not on 5E6F-7A8B, which has none or cannot be mounted)',
      grub: false,
      cmdline: true,
      by,
    });
    assert.deepEqual(await bootEntries(host, loader), [['root=/dev/a', 'quiet']]);
  });

  it('may be GRUB, of which /boot/grub/grub.cfg says nothing', async () => {
    const host = withPartitions('partition 1A2B-3C4D grub\n');
    const loader = await bootLoaderOf(host);
    assert.deepEqual(loader, { name: 'proxmox-boot-tool (GRUB)', grub: true, cmdline: false, by });
    assert.equal(await bootEntries(host, loader), undefined);
  });

  it('is unknown, not another, while no partition can be seen', async () => {
    for (const seen of ['', 'partition 1A2B-3C4D\npartition 5E6F-7A8B\n'])
      await assert.rejects(bootLoaderOf(withPartitions(seen)), /names partitions, and there is none of them/);
    await assert.rejects(bootLoaderOf(withPartitions('mount: no\n')), /is not understood: mount: no/);
  });

  it('is what the running system was booted by, for who may not mount them', async () => {
    const stderr = 'unshare: unshare failed: Operation not permitted\n';
    const files = {
      '/etc/kernel/proxmox-boot-uuids': '1A2B-3C4D\n',
      '/boot/grub/grub.cfg': '\tlinux /vmlinuz root=/dev/a quiet\n',
    };
    const commands = { [LOOK]: { code: 1, stderr } };
    const grub = new FakeHost({ files, commands });
    const loader = await bootLoaderOf(grub);
    assert.deepEqual(loader, { name: 'proxmox-boot-tool (GRUB)', grub: true, cmdline: false, by });
    assert.equal(await bootEntries(grub, loader), undefined);
    const info = 'systemd-boot 257'.replace(/./g, '$&\0');
    const efi = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
    const systemdBoot = await bootLoaderOf(
      new FakeHost({ files: { ...files, [efi]: `\x06\0\0\0${info}` }, commands }),
    );
    assert.equal(systemdBoot?.name, 'proxmox-boot-tool (systemd-boot)');
    await assert.rejects(
      bootLoaderOf(new FakeHost({ files, commands: { [LOOK]: { code: 1, stderr: 'sh: no grep\n' } } })),
      /could not be looked at: sh: no grep/,
    );
  });

  it('is not asked of a list that names none', async () => {
    const files = { '/etc/kernel/proxmox-boot-uuids': '# none\n' };
    assert.equal(await bootLoaderOf(new FakeHost({ files })), undefined);
  });
});
