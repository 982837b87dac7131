import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  faultOf,
  fingerprintOf,
  parseKey,
  renderKey,
} from '../../../src/resources/authorized-keys/key-line.ts';
import { editKeys } from '../../../src/resources/authorized-keys/keys-text.ts';
import authorizedKeys from '../../../src/resources/authorized-keys/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMADYsql3FuN0U7Z2jnF2RD0FcL5GWU5onoZbrhPPHpa alice@desk';
const ECDSA =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJVUSBYildMKXG6gcM7YEF4aY3kSVlwHRm6L8qoAokppFEpJZZsIrsvd28v3OFBKFkPaD8TE9L83Y/3mVL+Ax/4= alice laptop';
const RSA =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCt4p0fCz301iLzbUV21ZQ9JHeIoL/m1Qwqmtr0AjjTfWBnXElA1tAcbKmmAkItluBBzi5CWQj8D+X7fNJUrmKuW6Hy98ksWlhyn66iefpMbb3dOrm/xz3x3HMxOoR2MdRqrIFr1PCKCXtWZoQn3GZjjHBcrPh7rbFutWiDq5sM2goyQbzRcwd3ZUYD+eg5BAP6nR5GTOAYsRQtfcuNK0DGZhjFq6UWxr2a7MuIzsvWoW+d24u8fQAdoCsCHIvn09Q6wA00fsgT8odpD9WWUlo+yaOWmmhnqo0xlagKsDlRmIGWGXueHVI0mUWanmk7y6uAWpn54beinCwmco6SSlBzf6fOnT65ljVOSHyJO7Pwv5SUy2Xdtmi+8oADeYHXZ+b4pLmuaQsdOy6Y2qnUZNBoFYwzXGSuAUcqxEbbr4wXc9FjmGYUIxJC4iVZT+1u040km6Buio9e5Y7zKcfDT1M2dW3aVYy43aWC5l26bIzG9ZUnjL/2tnI213bTgI5WRGE= rsa key';

const accepts = (keys: string[]) => authorizedKeys.desired.safeParse({ user: 'alice', keys }).success;

describe('AuthorizedKeys', () => {
  it('has nothing left to do after its own edit, keeps foreign lines, and repeats no key', () => {
    const line = fc.constantFrom(
      ED25519,
      `restrict ${ED25519}`,
      ECDSA,
      RSA,
      `from="10.0.0.0/8" ${RSA}`,
      '# note',
      '',
      'garbage',
      'ssh-rsa',
      '\t# indented',
    );
    const wanted = fc.uniqueArray(fc.constantFrom(ED25519, ECDSA, `no-pty ${RSA}`));
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), wanted, fc.boolean(), (lines, newline, keys, exact) => {
        const text = lines.join('\n') + (newline ? '\n' : '');
        const edit = editKeys(keys, text, exact);
        const again = editKeys(keys, edit.text, exact);
        assert.deepEqual(again, { text: edit.text, changes: [], left: edit.left });
        for (const key of keys) assert.equal(edit.text.split('\n').filter((one) => one === key).length, 1);
        assert.equal(edit.text.split('\n').filter((one) => parseKey(one)).length, edit.left);
        if (exact) assert.equal(edit.left, keys.length);
        else if (keys.length === 0) assert.equal(edit.text, text);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes lines apart as sshd does', () => {
    const options = 'command="say \\"hi there\\" # not a comment",no-pty';
    const key = parseKey(`  ${options}\t${RSA}  `);
    assert.equal(key?.options, options);
    assert.equal(key.comment, 'rsa key');
    assert.equal(renderKey(key), `${options} ${RSA}`);
    for (const line of ['', '  ', '# x', 'ssh-ed25519', 'no-pty', 'command="open ssh-rsa AAAA'])
      assert.equal(parseKey(line), undefined, line);
  });

  it('names a key as `ssh-keygen -l` does', () => {
    assert.equal(fingerprintOf(parseKey(ED25519)!), 'SHA256:sUYWiIeeP6GJg5rqa3TV/bTS5IJaqZymF2Vzg2A16ik');
  });

  it('accepts only whole keys with options that sshd knows', () => {
    for (const key of [ED25519, ECDSA, RSA, `restrict,From="10.0.0.1,10.0.0.2" ${RSA}`])
      assert.equal(faultOf(key), undefined);
    const [, blob = ''] = ED25519.split(' ');
    for (const key of [
      '',
      '# comment',
      'ssh-ed25519',
      `ssh-rsa ${blob}`,
      ED25519.replace(blob, blob.slice(0, -4)),
      ED25519.replace(blob, blob.slice(0, -1)),
      ED25519.replace(blob, 'AAAA'),
      ED25519.replace(blob, 'AAAAC3NzaC1lZDI1NTE5'),
      `ssh-dss ${blob}`,
      `${ED25519}\n${RSA}`,
      `no-such-option ${ED25519}`,
      `no-pty,,restrict ${ED25519}`,
    ])
      assert.ok(faultOf(key), key);
    assert.ok(accepts([ED25519, RSA]));
    assert.ok(!accepts([ED25519, `no-pty ${ED25519} other comment`]));
    assert.ok(!accepts(['hunter2', 'hunter2']));
    for (const user of ['-rf', '../x', 'a b'])
      assert.ok(!authorizedKeys.desired.safeParse({ user, keys: [] }).success);
  });

  it('comes after its user and the directories above', () => {
    const elsewhere = authorizedKeys.desired.parse({ user: 'alice', keys: [], path: '/k/alice' });
    assert.deepEqual(authorizedKeys.requires!(elsewhere), [
      'UnixUser[alice]',
      'Directory[/k]',
      'Symlink[/k]',
    ]);
    assert.deepEqual(authorizedKeys.owns!(elsewhere), ['path:/k/alice']);
    const usual = authorizedKeys.desired.parse({ user: 'alice', keys: [] });
    assert.ok(authorizedKeys.requires!(usual).includes('Directory[/home/alice/.ssh]'));
    assert.deepEqual(authorizedKeys.owns!(usual), []);
  });

  it('refuses to touch text that it could not give back byte for byte', async () => {
    class Latin1Host extends FakeHost {
      override readFileInHostileGround(): Buffer {
        return Buffer.from([0x23, 0xe4, 0x0a]);
      }
    }
    const host = new Latin1Host({
      files: {
        '/etc/passwd': 'alice:x:1000:1000::/home/alice:/bin/sh\n',
        '/home/alice/.ssh/authorized_keys': 'x',
      },
    });
    const readings = await authorizedKeys.read(host, [
      authorizedKeys.desired.parse({ user: 'alice', keys: [] }),
    ]);
    assert.deepEqual(readings.get('alice'), {
      is: 'unknown',
      reason: '/home/alice/.ssh/authorized_keys: expected UTF-8 text',
    });
  });

  it('lists the keys of people and root, past a home that cannot be read', async () => {
    const host = new FakeHost({
      files: {
        '/etc/passwd':
          'bob:x:1001:1001::/home/bob:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n' +
          'root:x:0:0::/root:/bin/sh\nsync:x:4:1::/home/sync:/bin/sync\nnew:x:1002:1002::/home/new:/bin/sh\n',
        '/root/.ssh/authorized_keys': `# mine\n${ED25519}\n`,
        '/home/alice/.ssh': { unreadable: 'a planted symlink' },
        '/home/bob/.ssh/authorized_keys': RSA,
      },
    });
    assert.deepEqual(await authorizedKeys.list!(host), [
      { user: 'root', keys: [ED25519] },
      { user: 'bob', keys: [RSA] },
    ]);
  });
});
