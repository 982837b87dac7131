import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import sysctl from '../../../src/resources/sysctl/index.ts';
import {
  canonicalKey,
  dropInContent,
  dropInPath,
  normalValue,
  pathOfKey,
} from '../../../src/resources/sysctl/key.ts';
import { FakeHost } from '../../support/fake-host.ts';

const segment = fc.stringMatching(/^[a-z0-9_][a-z0-9_-]{0,6}(\.[0-9]{1,3})?$/);
const key = fc
  .array(segment, { minLength: 2, maxLength: 5 })
  .map((segments) => segments.join('/'))
  .filter((text) => !text.split('/')[0]!.includes('.'));
const value = fc.oneof(fc.integer().map(String), fc.stringMatching(/^[a-z0-9]{1,4}( [a-z0-9]{1,4}){0,2}$/));

/** A kernel that keeps what it likes. */
class StubbornHost extends FakeHost {
  override writeKernel(): void {
    // as for `kernel.ostype`, without an error
  }
}

describe('Sysctl, otherwise', () => {
  it('knows one key by both of its spellings', () => {
    assert.equal(pathOfKey('net.ipv4.conf.enp3s0/200.forwarding'), 'net/ipv4/conf/enp3s0.200/forwarding');
    assert.equal(pathOfKey('net/ipv4/conf/enp3s0.200/forwarding'), 'net/ipv4/conf/enp3s0.200/forwarding');
    fc.assert(
      fc.property(key, (slashed) => {
        const dotted = canonicalKey(slashed);
        assert.equal(pathOfKey(dotted), slashed);
        assert.equal(canonicalKey(dotted), dotted);
        assert.equal(sysctl.desired.safeParse({ key: dotted, value: 1 }).success, true);
      }),
    );
  });

  it('gives each key a file of its own', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        assert.equal(dropInPath(a) === dropInPath(b), canonicalKey(a) === canonicalKey(b));
        assert.match(dropInPath(a), /^\/etc\/sysctl\.d\/95-phoenix-[^/]+\.conf$/);
      }),
    );
  });

  it('has nothing to do where everything is as declared, however it is spelled', () => {
    fc.assert(
      fc.property(key, value, (name, wanted) => {
        const want = sysctl.desired.parse({ key: name, value: wanted });
        const live = wanted.replaceAll(' ', '\t');
        const dropIn = dropInContent(name, wanted);
        assert.deepEqual(sysctl.diff(want, { is: 'present', value: { live, dropIn } }), []);
        assert.equal(normalValue(name, normalValue(name, live)), normalValue(name, live));
      }),
    );
  });

  it('reads back what it wrote, whatever the value', async () => {
    await fc.assert(
      fc.asyncProperty(key, value, async (name, wanted) => {
        const host = new FakeHost({ files: { [`/proc/sys/${name}`]: 'other\n' } });
        const want = sysctl.desired.parse({ key: name, value: wanted });
        const readings = await sysctl.read(host, [want]);
        const reading = readings.get(sysctl.key(want));
        assert.ok(reading && reading.is !== 'unknown');
        for (const finding of sysctl.diff(want, reading))
          if ('does' in finding) await sysctl.converge(finding.does, host);
        const after = (await sysctl.read(host, [want])).get(sysctl.key(want));
        assert.ok(after && after.is !== 'unknown');
        assert.deepEqual(sysctl.diff(want, after), []);
      }),
    );
  });

  it('fails when the kernel keeps its own value, without an error of its own', async () => {
    const host = new StubbornHost({ files: { '/proc/sys/kernel/ostype': 'Linux\n' } });
    await assert.rejects(
      sysctl.converge({ op: 'apply', key: 'kernel.ostype', value: 'x' }, host),
      /the kernel has Linux after x was written/,
    );
  });

  it('refuses keys that leave /proc/sys, patterns, and values of several lines', () => {
    for (const name of [
      'vm',
      '-vm.x',
      'vm..x',
      'vm.x.',
      'net/../etc/x',
      '../x',
      'net.ipv4.conf.*.rp_filter',
      'a b.c',
      'vm//x',
    ])
      assert.equal(sysctl.desired.safeParse({ key: name, value: 1 }).success, false, name);
    for (const bad of ['', ' ', '1\nvm.x = 2', 1.5, true])
      assert.equal(sysctl.desired.safeParse({ key: 'vm.x', value: bad }).success, false, String(bad));
    assert.equal(sysctl.desired.safeParse({ key: 'vm.x' }).success, false);
    assert.equal(sysctl.desired.safeParse({ key: 'vm.x', ensure: 'absent' }).success, true);
  });

  it('needs the module that brings the setting, and the interface that it is of', () => {
    const refs = (name: string) => sysctl.requires?.(sysctl.desired.parse({ key: name, value: 1 }));
    assert.deepEqual(refs('net.bridge.bridge-nf-call-iptables'), ['KernelModule[br_netfilter]']);
    assert.deepEqual(refs('net.ipv4.conf.vmbr0/5.forwarding'), ['NetworkInterface[vmbr0.5]']);
    assert.deepEqual(refs('net.ipv4.conf.all.forwarding'), []);
  });

  it('does not follow symlinks for ever', async () => {
    const host = new FakeHost({ files: { '/etc/sysctl.d/a.conf': { target: 'a.conf' } } });
    await assert.rejects(async () => sysctl.read(host, []), /too many symlinks/);
  });

  it('lists what is set below /etc, patterns aside', async () => {
    const host = new FakeHost({
      files: {
        '/etc/sysctl.d/10-a.conf': 'vm.swappiness = 10\nnet.ipv4.conf.*.rp_filter = 1\n-kernel.x\n',
        '/usr/lib/sysctl.d/50-b.conf': 'kernel.pid_max = 4194304\n',
      },
    });
    assert.deepEqual(await sysctl.list?.(host), [{ key: 'vm.swappiness', value: '10' }]);
  });
});
