/** A converted configuration as a manifest, and what is to be said of it. */
import { escapeControls } from '../host/display.ts';
import { showPath } from '../manifest/show.ts';
import { documentOf, yamlOf } from './yaml-text.ts';

export const importedText = (file: string, manifest: Readonly<Record<string, unknown>>): string =>
  `# Made of ${escapeControls(file).replaceAll('\n', ' ')} by \`phoenix import\`; from here on it is yours. Read the warnings, and look at\n# \`phoenix setup --check\` before \`phoenix setup\`.\n${yamlOf(documentOf(manifest))}`;

/** `FILE:LINE: where: what`, as compilers have it. */
export const warningText = (
  file: string,
  line: number | undefined,
  path: readonly PropertyKey[],
  message: string,
): string =>
  escapeControls(
    `${file}${line === undefined ? '' : `:${line}`}: ${path.length === 0 ? '' : `${showPath(path)}: `}${message}\n`,
  );
