/** The examples of the reference pages are manifests: what is copied from there must be read as it was meant. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { kinds } from '../../src/resources/index.ts';

describe('the examples in docs/resources', () => {
  for (const { folder, type } of kinds)
    it(type.kind, () => {
      const page = readFileSync(`docs/resources/${folder}.md`, 'utf8');
      const examples = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
      const schema = z.strictObject({ resources: z.array(z.strictObject({ [type.kind]: type.desired })) });
      const parsed = parseManifest(Buffer.from(`resources:\n${examples}`), `${folder}.md`, schema);
      assert.deepEqual(parsed.ok ? [] : parsed.problems, []);
      const expected = type.examples.map((example) => ({ [type.kind]: type.desired.parse(example) }));
      assert.deepEqual(parsed.ok && parsed.value, { resources: expected });
    });
});
