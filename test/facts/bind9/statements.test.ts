import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { inside, statementsIn, zonesIn } from '../../../src/facts/bind9/statements.ts';

/** Debian 12, /etc/bind/named.conf.default-zones, shortened. */
const DEFAULTS = `// prime the server with knowledge of the root servers
zone "." {
	type hint;
	file "/usr/share/dns/root.hints";
};

// be authoritative for the localhost forward and reverse zones, and for
// broadcast zones as per RFC 1912
zone "localhost" {
	type master;
	file "/etc/bind/db.local";
};
`;

describe('statements of named.conf', () => {
  it('are those of the highest level, without comments and on one line', () => {
    assert.deepEqual(statementsIn(DEFAULTS), [
      'zone "." { type hint; file "/usr/share/dns/root.hints"; }',
      'zone "localhost" { type master; file "/etc/bind/db.local"; }',
    ]);
    assert.deepEqual(statementsIn('a /* ; } */ b; # c;\n include "/x//y;{#"; // d;\n e { f; }'), [
      'a b',
      'include "/x//y;{#"',
      'e { f; }',
    ]);
    assert.deepEqual(statementsIn('allow { 10.0.0.0/8; };'), ['allow { 10.0.0.0/8; }']);
    assert.deepEqual(statementsIn(' \n // nothing\n'), []);
  });

  it('may be unfinished, and none of them is lost for it', () => {
    assert.deepEqual(statementsIn('options { a;'), ['options { a;']);
    assert.deepEqual(statementsIn('x } y;'), ['x } y;']);
  });

  it('have others inside', () => {
    assert.deepEqual(statementsIn(inside('options { a { b; }; c "}"; }')), ['a { b; }', 'c "}"']);
    assert.deepEqual(statementsIn(inside('nothing')), []);
  });

  it('name zones, of views too', () => {
    const text = `${DEFAULTS}zone Example.NET. IN { type primary; };
view "in" { zone "a.test" { type hint; }; };
# zone "commented.test" { };
zone-statistics yes;`;
    assert.deepEqual(zonesIn(text), ['.', 'localhost', 'example.net', 'a.test']);
  });

  it('come back as they were put in', () => {
    const word = fc.stringMatching(/^[a-z0-9./-]{1,8}$/).filter((text) => !text.includes('//'));
    const string = fc
      .string({ unit: fc.constantFrom('a', ';', '{', '}', '#', '/', '*', ' ') })
      .map((text) => `"${text.replaceAll(/\s+/g, ' ')}"`);
    const block = fc
      .array(word, { minLength: 1 })
      .map((words) => `{ ${words.map((one) => `${one};`).join(' ')} }`);
    const statement = fc.tuple(word, fc.oneof(word, string, block)).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(fc.array(statement), (all) => {
        const text = all.map((one) => `  ${one} ; // comment ; {\n`).join('');
        assert.deepEqual(statementsIn(text), all);
      }),
    );
  });
});
