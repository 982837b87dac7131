/** From the manifest's file to the catalog, by the compiled manifest of an earlier run where nothing has changed. */
import { createHash } from 'node:crypto';
import type { Catalog } from '../engine/catalog.ts';
import { writeCache } from '../host/state-file.ts';
import { readTrustedFile } from '../host/trusted-file.ts';
import type { StepContext } from './step.ts';

export interface Loaded {
  readonly catalog: Catalog;
  /** Of the manifest's content. */
  readonly sha256: string;
  /** Of the catalog: the same as long as the same is declared. */
  readonly fingerprint: string;
}

interface Compiled {
  /** Of the manifest, this program and everything else that the catalog was made from. */
  readonly key: string;
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  readonly catalog: Catalog;
}

const NAME = 'compiled-manifest.json';

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** Trusted only where a manifest would be; anything odd about it means that there is none. */
const readCompiled = (state: string, key: string): Omit<Loaded, 'sha256'> | undefined => {
  try {
    const text = readTrustedFile(`${state}/${NAME}`).toString('utf8');
    // The first line is the hash of the rest: a damaged catalog may still be JSON, and must not be converged.
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    const fingerprint = sha256(body);
    if (fingerprint !== text.slice(0, end)) return undefined;
    const compiled = JSON.parse(body) as Compiled;
    const current = compiled.inputs.every((input) => sha256(readTrustedFile(input.path)) === input.sha256);
    return compiled.key === key && current ? { catalog: compiled.catalog, fingerprint } : undefined;
  } catch {
    return undefined;
  }
};

const keepCompiled = (state: string, compiled: Compiled): string => {
  const body = JSON.stringify(compiled);
  const fingerprint = sha256(body);
  try {
    writeCache(state, NAME, `${fingerprint}\n${body}`);
  } catch {
    // No place for it, or not root: the next run compiles again.
  }
  return fingerprint;
};

/**
 * Throws `Untrusted` if the file could have been written by others, `ManifestRefused` if it is wrong. `build` names
 * this program; without it (a program run from its sources) nothing is cached.
 */
export const loadCatalog = async (
  file: string,
  state: string,
  build: string | undefined,
  context: StepContext,
): Promise<Loaded> => {
  const content = readTrustedFile(file);
  const hash = sha256(content);
  const key = build === undefined ? undefined : sha256(JSON.stringify([hash, build, context, file]));
  const known = key === undefined ? undefined : readCompiled(state, key);
  if (known !== undefined) return { ...known, sha256: hash };

  const { compileManifest } = await import('./compile-manifest.ts');
  const { catalog, inputs } = compileManifest(file, content, context);
  const fingerprint =
    key === undefined ? sha256(JSON.stringify(catalog)) : keepCompiled(state, { key, inputs, catalog });
  return { catalog, sha256: hash, fingerprint };
};
