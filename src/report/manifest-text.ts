import { documentOf, yamlOf } from './yaml-text.ts';

/** Resources as an operator would write them in the manifest. */
export const manifestText = (entries: readonly Readonly<Record<string, unknown>>[]): string =>
  entries.length === 0 ? '# nothing to show\n' : yamlOf(documentOf({ resources: entries }));
