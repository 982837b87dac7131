import { keyringOf, type Desired } from './schema.ts';

const list = (name: string, words: readonly string[]): string[] =>
  words.length === 0 ? [] : [`${name}: ${words.join(' ')}`];

export const render = (want: Desired): string =>
  [
    `# managed by phoenix: AptSource[${want.name}]`,
    ...(want.enabled ? [] : ['Enabled: no']),
    ...list('Types', want.types),
    ...list('URIs', want.uris),
    ...list('Suites', want.suites),
    ...list('Components', want.components),
    ...list('Architectures', want.architectures),
    `Signed-By: ${keyringOf(want)}`,
    '',
  ].join('\n');
