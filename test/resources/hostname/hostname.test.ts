import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { normalAddress } from '../../../src/resources/hostname/address.ts';
import { editHosts, type Naming } from '../../../src/resources/hostname/hosts-file.ts';
import hostname from '../../../src/resources/hostname/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const word = fc.constantFrom(
  'lab',
  'lab.a.net',
  'lab.b.org',
  'LAB',
  'old',
  'old.a.net',
  'nas',
  'lab2',
  'localhost',
);
const address = fc.constantFrom(
  '127.0.0.1',
  '127.0.1.1',
  '10.0.0.13',
  '10.0.0.7',
  '::1',
  'fd00::13',
  'FD00:0::13',
);
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      address,
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', ' # note'),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '# lab lab.a.net', '   ', 'fe80::1%eth0 router') },
);
const hosts = fc
  .array(line, { maxLength: 7 })
  .map((lines) =>
    lines.map((one) => (typeof one === 'string' ? one : `${one[0]} ${one[1].join(' ')}${one[2]}`)).join('\n'),
  );
const naming: fc.Arbitrary<Naming> = fc.record({
  name: fc.constant('lab'),
  domain: fc.constantFrom(undefined, 'a.net', 'c.com'),
  address: fc.constantFrom('127.0.1.1', '10.0.0.13', 'fd00::13'),
  exclusive: fc.boolean(),
  old: fc.constantFrom([], ['old']),
});

const namesOn = (text: string): string[][] =>
  text.split('\n').map((raw) => raw.replace(/#.*/, '').trim().split(/\s+/));

class StubbornHost extends FakeHost {
  override writeKernel(): void {
    // refuses without an error
  }
}

describe('Hostname, otherwise', () => {
  it('has nothing to edit in a file that it has edited', () => {
    fc.assert(
      fc.property(hosts, naming, (text, names) => {
        const once = editHosts(text, names);
        assert.equal(editHosts(once, names), once);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves every line that is not about the host as it was, in its order', () => {
    const isForeign = (raw: string) =>
      !raw
        .replace(/#.*/, '')
        .split(/\s+/)
        .some((one) => /^(lab|old)(\.(a\.net|c\.com))?$/i.test(one));
    fc.assert(
      fc.property(hosts, naming, (text, names) => {
        const before = text.split('\n').filter((raw) => raw.trim() !== '' && isForeign(raw));
        const after = editHosts(text, names).split('\n');
        let from = 0;
        for (const raw of before) {
          const at = after.indexOf(raw, from);
          assert.notEqual(at, -1, `lost: ${raw}`);
          from = at + 1;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('lets the name stand for its address, and an exclusive one for no loopback address', () => {
    fc.assert(
      fc.property(hosts, naming, (text, names) => {
        const lines = namesOn(editHosts(text, names));
        const own = lines.filter((words) => words.slice(1).some((one) => one.toLowerCase() === 'lab'));
        assert.ok(own.some(([ip = '']) => normalAddress(ip) === names.address));
        if (names.exclusive && names.address !== '127.0.1.1')
          assert.ok(own.every(([ip = '']) => !ip.startsWith('127.') && ip !== '::1'));
        assert.ok(!lines.some((words) => names.old.length > 0 && words.slice(1).includes('old')));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a file without a newline at its end as it is, if nothing is to change', () => {
    const names = { name: 'lab', address: '127.0.1.1', exclusive: false, old: [] };
    assert.equal(editHosts('127.0.1.1 lab', names), '127.0.1.1 lab');
  });

  it('fails when the kernel keeps its own name', async () => {
    const host = new StubbornHost({ files: { '/proc/sys/kernel/hostname': 'lab\n' } });
    await assert.rejects(hostname.converge({ op: 'rename', name: 'phoenix' }, host), /has lab after phoenix/);
    await assert.rejects(
      hostname.converge({ op: 'rename', name: 'phoenix' }, new StubbornHost()),
      /has nothing/,
    );
  });

  it('refuses names that are none', () => {
    for (const name of ['', '-a', 'a-', 'A', 'a_b', 'a.b', 'bad host', 'localhost', '42', 'a'.repeat(64)])
      assert.equal(hostname.desired.safeParse({ name }).success, false, name);
    for (const domain of ['', '.net', 'a..b', 'a.', 'a b'])
      assert.equal(hostname.desired.safeParse({ name: 'a', domain }).success, false, domain);
    for (const own of ['127.0.0.1', '127.0.1.1', '::1', '0:0:0:0:0:0:0:1', '10.0.0', 'host'])
      assert.equal(hostname.desired.safeParse({ name: 'a', address: own }).success, false, own);
    assert.equal(hostname.desired.safeParse({ name: 'a', address: 'fd00::1' }).success, true);
  });

  it('lists the name that the host has', async () => {
    const named = (content: string) => hostname.list?.(new FakeHost({ files: { '/etc/hostname': content } }));
    assert.deepEqual(await named('lab\n'), [{ name: 'lab' }]);
    assert.deepEqual(await named('Lab_1\n'), []);
  });
});
