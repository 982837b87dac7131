/** What `phoenix adopt` found, as a manifest for people: what each section is about, and what is not in it and why. */
import { isMap, isScalar, type Document } from 'yaml';
import { escapeControls } from '../host/display.ts';
import { documentOf, yamlOf } from './yaml-text.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Adopted {
  readonly manifest: Fields;
  readonly about: Readonly<Record<string, string>>;
  readonly leftOut: readonly {
    readonly kind: string;
    readonly ref: string;
    readonly entry?: Fields;
    readonly why: string;
  }[];
  readonly unreadable: readonly { readonly kind: string; readonly why: string }[];
  readonly unlisted: readonly string[];
}

const HEAD = `What was found on this host, as a manifest that it is in sync with. Made by \`phoenix adopt\`; from here on it is yours.
Take out what is not for phoenix to keep: what is not named is left alone. Then change what is to change, and look at
\`phoenix setup --check\` before \`phoenix setup\`.`;

const comment = (text: string): string =>
  escapeControls(text)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '#' : `# ${line}`))
    .join('\n');

const about = (document: Document, texts: Adopted['about']): void => {
  if (!isMap(document.contents)) return;
  for (const { key } of document.contents.items) {
    if (!isScalar(key)) continue;
    const text = texts[String(key.value)];
    if (text !== undefined && text !== '') key.commentBefore = ` ${text}`;
    key.spaceBefore = key.value !== 'version';
  }
};

/** One that may be taken in by removing the marks of the comment; below a list `resources:`. */
const leftOutText = ({ kind, ref, entry, why }: Adopted['leftOut'][number]): string =>
  entry === undefined ? `${ref}: ${why}` : `${ref}: ${why}\n${yamlOf(documentOf([{ [kind]: entry }]))}`;

const block = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`${comment(title)}\n#\n${items.map(comment).join('\n#\n')}`];

export const adoptedText = ({ manifest, about: texts, leftOut, unreadable, unlisted }: Adopted): string => {
  const document = documentOf(manifest);
  about(document, texts);
  const notLooked =
    'Not looked for, because it cannot be listed' +
    (unlisted.length === 0 ? '.' : `: ${unlisted.join(', ')}.`);
  return `${[
    comment(HEAD),
    yamlOf(document).trim(),
    ...block(
      'Left out, with the reason. To have phoenix bring one about, put it under `resources:`.',
      leftOut.map(leftOutText),
    ),
    ...block(
      'Could not be read:',
      unreadable.map(({ kind, why }) => `${kind}: ${why}`),
    ),
    ...(unlisted.length === 0 ? [] : [comment(notLooked)]),
  ].join('\n\n')}\n`;
};
