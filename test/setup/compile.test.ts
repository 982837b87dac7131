/** From sections to resources: cases as data. */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { compile } from '../../src/setup/compile.ts';
import { manifestSchema } from '../../src/setup/manifest-schema.ts';
import { narrow, NotInManifest } from '../../src/setup/narrow.ts';
import { STEPS } from '../../src/setup/steps.ts';
import type { Ref } from '../../src/engine/resource-type.ts';
import { fixturesIn } from '../support/fixtures.ts';

interface Case {
  manifest: string;
  /** `step ref`, then what it requires and owes. */
  resources?: Record<string, { requires?: string[]; owes?: string[] }>;
  problems?: { at: string; message: string; firstAt?: string }[];
}

const payload = {
  text: (path: string): string => {
    if (path === 'none') throw new Error('none does not exist');
    return `content of ${path}\n`;
  },
  shipped: (path: string): string => `shipped ${path}\n`,
};

const compiled = (text: string) => {
  const parsed = parseManifest(Buffer.from(text), 'phoenix.yaml', manifestSchema);
  assert.ok(parsed.ok, JSON.stringify(parsed.ok ? '' : parsed.problems));
  return compile(parsed.value, { program: '/opt/phoenix/bin/phoenix' }, payload);
};

describe('compiling a manifest', () => {
  for (const { name, data } of fixturesIn<Case>(join(import.meta.dirname, '../golden/compile')))
    it(name.replaceAll('-', ' '), () => {
      const { catalog, problems } = compiled(data.manifest);
      if (data.problems === undefined) assert.deepEqual(problems, []);
      else
        assert.deepEqual(
          problems.map(({ at, message, firstAt }) => ({
            at: at.join('.'),
            message,
            ...(firstAt === undefined ? {} : { firstAt: firstAt.join('.') }),
          })),
          data.problems,
        );
      if (data.resources === undefined) return;
      const found = catalog.resources.map(({ step, ref, requires, owes }) => [
        `${step} ${ref}`,
        {
          ...(requires.length === 0 ? {} : { requires }),
          ...(owes.length === 0 ? {} : { owes: owes.map(({ description }) => description) }),
        },
      ]);
      assert.deepEqual(found, Object.entries(data.resources));
    });

  it('has the steps in their promised order, each once; those of one section share its schema', () => {
    const numbers = STEPS.map(({ number }) => number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
    assert.equal(new Set(STEPS.map(({ name }) => name)).size, STEPS.length);
    const schemas = new Map<string, unknown>(STEPS.map(({ section, schema }) => [section, schema]));
    for (const { section, schema } of STEPS) assert.equal(schemas.get(section), schema);
    assert.equal(STEPS.at(-1)?.number, 16);
  });

  it('gives plain data: the catalog survives JSON', () => {
    const { catalog } = compiled('version: 1\nresources:\n  - File: { path: /srv/f, content: x }\n');
    assert.deepEqual(JSON.parse(JSON.stringify(catalog)), catalog);
  });
});

describe('--only and --skip', () => {
  const { catalog } = compiled(`version: 1
initial: { sysctl: { vm.swappiness: 10 } }
resources:
  - File: { path: /srv/d/f, content: x }
  - Directory: { path: /srv/d }
  - Directory: { path: /srv/e }
`);
  const refs = (only: Ref[], skip: string[]) => narrow(catalog, only, skip).resources.map(({ ref }) => ref);

  it('leave all as it is when they are not given', () => {
    assert.equal(narrow(catalog, [], []), catalog);
  });
  it('take what is named and what it requires, and leave out steps', () => {
    assert.deepEqual(refs(['File[/srv/d/f]'], []), ['Directory[/srv/d]', 'File[/srv/d/f]']);
    assert.deepEqual(refs([], ['resources']), ['Sysctl[vm.swappiness]']);
    assert.deepEqual(refs(['File[/srv/d/f]'], ['resources']), []);
    assert.equal(narrow(catalog, [], ['resources']).steps.length, catalog.steps.length - 1);
  });
  it('refuse names that the manifest does not have', () => {
    assert.throws(() => refs(['File[/x]'], []), NotInManifest);
    assert.throws(
      () => refs([], ['nowhere']),
      /--skip nowhere: there is no such step; the steps are initial, /,
    );
  });
});
