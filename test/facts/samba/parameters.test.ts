import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { compareLines } from '../../../src/facts/samba/compare.ts';
import { canonical, canonicalName, listOf, membersOf } from '../../../src/facts/samba/parameters.ts';

/** Name and value as somebody may write them, and what `testparm -s` of 4.22 prints (words in lower case). */
const SPELLINGS: readonly (readonly [name: string, value: string, sameName: string, sameValue: string])[] = [
  ['writable', 'yes', 'read only', 'No'],
  ['Write OK', '0', 'read only', 'Yes'],
  ['readonly', 'TRUE', 'read only', 'Yes'],
  ['browsable', 'off', 'browseable', 'No'],
  ['public', '1', 'guest ok', 'Yes'],
  ['create mode', '770', 'create mask', '0770'],
  ['directory mode', '02770', 'directory mask', '2770'],
  ['write list', 'bob, @staff "Domain Users";al', 'write list', '@staff "Domain Users" al bob'],
  ['valid users', '@"my group"', 'valid users', '"@my group"'],
  ['vfs object', 'fruit,streams_xattr', 'vfs objects', 'fruit streams_xattr'],
  ['allow hosts', '1.2.3.4;5.6.7.8 EXCEPT 1.2.3.9', 'hosts allow', '1.2.3.4 5.6.7.8 EXCEPT 1.2.3.9'],
  ['min protocol', 'SMB3_11', 'server min protocol', 'smb3'],
  ['server signing', 'mandatory', 'server signing', 'required'],
  ['smb encrypt', 'off', 'server smb encrypt', 'no'],
  ['server string', ' a   b ', 'server string', 'a b'],
  ['guest ok', 'maybe', 'guest ok', 'maybe'],
  ['create mask', '0999', 'create mask', '0999'],
  ['Shadow:Format', '%Y', 'shadow:format', '%Y'],
  ['server signing', '__proto__', 'server signing', '__proto__'],
  ['__proto__', 'x', '__proto__', 'x'],
  ['writable', '__proto__', 'read only', '__proto__'],
];

describe('parameters of smb.conf', () => {
  for (const [name, value, sameName, sameValue] of SPELLINGS)
    it(`${name} = ${value} is ${sameName} = ${sameValue}`, () => {
      assert.deepEqual(canonical(name, value), [sameName, sameValue]);
    });

  it('does not look at case and blanks in a name', () => {
    assert.equal(canonicalName('FORCEUSER'), 'force user');
    assert.equal(canonicalName('Veto   Files'), 'veto files');
  });

  it('has one spelling: what is canonical stays', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SPELLINGS.map(([name]) => name).filter((name) => !/^wri/i.test(name))),
        fc.string(),
        (name, value) => {
          const once = canonical(name, value);
          assert.deepEqual(canonical(...once), once);
        },
      ),
    );
  });

  it('takes a list apart as it was put together', () => {
    const member = fc
      .string({ minLength: 1 })
      .filter((text) => text.trim() === text && !text.includes('"') && !/\s\s|[^\S ]/.test(text));
    fc.assert(
      fc.property(fc.array(member), (members) => {
        assert.deepEqual(membersOf(listOf(members)), members);
      }),
    );
  });

  it('finds no difference between spellings, in whatever order', () => {
    const lines = SPELLINGS.slice(2, 14);
    fc.assert(
      fc.property(fc.shuffledSubarray([...lines], { minLength: lines.length }), (shuffled) => {
        assert.deepEqual(
          compareLines(
            lines.map(([, , name, value]) => `${name} = ${value}`),
            shuffled.map(([name, value]) => `  ${name}=${value}`),
          ),
          [],
        );
      }),
    );
  });
});
