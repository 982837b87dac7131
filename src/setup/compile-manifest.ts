/** The slow way to a catalog: parse, validate, compile. Loaded only when there is no compiled manifest to take. */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Catalog } from '../engine/catalog.ts';
import type { PayloadReader } from '../host/host.ts';
import { readTrustedFile } from '../host/trusted-file.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { compile } from './compile.ts';
import { ManifestRefused } from './manifest-refused.ts';
import { manifestSchema } from './manifest-schema.ts';
import type { StepContext } from './step.ts';

/** A file that went into the catalog, besides the manifest. */
export interface Input {
  readonly path: string;
  readonly sha256: string;
}

export interface FromManifest {
  readonly catalog: Catalog;
  readonly inputs: readonly Input[];
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Files named in the manifest: relative to it or to what phoenix ships, and under the same trust. */
const payloadBeside = (manifest: string, { program }: StepContext, inputs: Input[]): PayloadReader => {
  const take = (absolute: string): string => {
    const content = readTrustedFile(absolute);
    inputs.push({ path: absolute, sha256: sha256(content) });
    return content.toString('utf8');
  };
  return {
    text: (path) => take(resolve(dirname(manifest), path)),
    shipped: (path) => take(resolve(dirname(program), '../resources', path)),
  };
};

/** Throws `ManifestRefused`, with all problems there are, in the order of the file. */
export const compileManifest = (file: string, content: Buffer, context: StepContext): FromManifest => {
  const parsed = parseManifest(content, file, manifestSchema);
  if (!parsed.ok) throw new ManifestRefused(file, parsed.problems);
  const inputs: Input[] = [];
  const { catalog, problems } = compile(parsed.value, context, payloadBeside(file, context, inputs));
  if (problems.length > 0)
    throw new ManifestRefused(
      file,
      problems.map(({ at, message, hint, firstAt }) => {
        const first = firstAt === undefined ? undefined : parsed.locate(firstAt);
        const told = first === undefined ? message : `${message}; the other is in line ${first.line}`;
        return parsed.problemAt({ path: at, message: told, ...(hint === undefined ? {} : { hint }) });
      }),
    );
  return { catalog, inputs };
};
