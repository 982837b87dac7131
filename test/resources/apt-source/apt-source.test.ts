import { strict as assert } from 'node:assert';
import aptSource from '../../../src/resources/apt-source/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const SOURCE = {
  name: 'x',
  uris: ['https://x.example'],
  suites: ['trixie'],
  components: ['main'],
  signedBy: 'x',
};

describe('AptSource in the manifest', () => {
  const refused: readonly (readonly [what: string, fields: object])[] = [
    ['a source without a key', { signedBy: undefined }],
    ['a keyring elsewhere', { signedBy: '/etc/apt/trusted.gpg.d/x.gpg' }],
    ['an option in the address', { uris: ['https://x.example [trusted=yes]'] }],
    ['a password in the address', { uris: ['https://user:secret@x.example'] }],
    ['components beside a path', { suites: ['./'] }],
    ['a release without components', { components: [] }],
    ['a second line', { suites: ['trixie\nTrusted: yes'] }],
    ['a name that apt passes over', { name: 'a b' }],
    ['nothing at all', { uris: [], suites: [] }],
  ];
  for (const [what, fields] of refused)
    it(`refuses ${what}`, () => {
      assert.ok(!aptSource.desired.safeParse({ ...SOURCE, ...fields }).success);
    });

  it('comes after its key, which may be a file of its own', () => {
    const requires = aptSource.requires!(aptSource.desired.parse(SOURCE));
    assert.ok(requires.includes('AptKey[x]') && requires.includes('File[/etc/apt/keyrings/x.asc]'));
  });

  it('lists files of one signed paragraph', async () => {
    const host = new FakeHost({
      files: {
        '/etc/apt/sources.list': 'deb [signed-by=/usr/share/keyrings/a.gpg] https://a.example trixie main\n',
        '/etc/apt/sources.list.d/one.sources':
          'Types: deb\nURIs: https://a.example\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /usr/share/keyrings/a.gpg\n',
        '/etc/apt/sources.list.d/two.sources':
          'Types: deb\nURIs: https://a.example\nSuites: ./\nSigned-By: /usr/share/keyrings/a.gpg\n\nTypes: deb\nURIs: https://b.example\nSuites: ./\n',
        '/etc/apt/sources.list.d/unsigned.sources': 'Types: deb\nURIs: https://c.example\nSuites: ./\n',
      },
    });
    const listed = await aptSource.list!(host);
    assert.deepEqual(
      listed.map(({ name, suites }) => [name, suites]),
      [['one', ['trixie', 'trixie-updates']]],
    );
  });
});
