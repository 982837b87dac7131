/** `copyright` of the package: machine-readable, with the licences of all that is bundled (DEP 5). */
import { readFileSync } from 'node:fs';
import type { Library } from './libraries.ts';
import type { Runtime } from './runtime.ts';

const indented = (text: string): string =>
  text
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`))
    .join('\n');

const holders = (text: string): string => {
  const lines = text.match(/^.*copyright .*\d{4}.*$|^.*copyright \(c\).*$/gim) ?? [];
  const all = lines.map((line) => line.trim().replace(/^[\s#*/-]+/, ''));
  return all.length === 0
    ? 'its authors, as the licence below says'
    : [...new Set(all)].join('\n           ');
};

const word = (text: string): string => text.replaceAll(/[^A-Za-z0-9.+-]/g, '-');

const stanza = (files: string, copyright: string, licence: string, text: string): string =>
  `Files: ${files}\nCopyright: ${copyright}\nLicense: ${licence}\n${indented(text)}`;

/** Debian has some licences in full already, and wants them referred to. */
const textOf = ({ name, version, licence, text }: Library): string => {
  const body =
    licence === 'Apache-2.0'
      ? `${holders(text)}\n\nOn Debian systems the complete text of this licence is in /usr/share/common-licenses/Apache-2.0.`
      : text;
  return `${name} ${version}\n\n${body}`;
};

/** Each has the text of its own, also where the licence is the same: the names in it differ. */
export const copyrightText = (libraries: readonly Library[], runtime: Runtime | undefined): string => {
  const own = readFileSync('LICENSE', 'utf8').trim();
  const parts = [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: phoenix\n' +
      'Comment: the libraries below are bundled into usr/lib/phoenix/dist; what belongs to which is in sbom.cdx.json.',
    stanza('*', holders(own), 'MIT', own),
    ...libraries.map((library) =>
      stanza(
        `usr/lib/phoenix/dist/*`,
        holders(library.text),
        `${word(library.licence)}-${word(library.name)}`,
        textOf(library),
      ),
    ),
    ...(runtime === undefined
      ? []
      : [
          stanza(
            'usr/lib/phoenix/node/*',
            'Node.js contributors, Joyent, Inc. and the authors of the libraries named below',
            'Node.js',
            runtime.licence.trim(),
          ),
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
};
