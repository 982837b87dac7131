/** The escapes of /proc/self/mountinfo, exports(5) and etab: a backslash and three octal digits for a byte. */

/** Of bytes: a sequence of them may be one character. */
export const unescapeOctal = (text: string): string =>
  text.includes('\\')
    ? Buffer.from(
        Buffer.from(text)
          .toString('latin1')
          .replace(/\\([0-7]{3})/g, (_, digits: string) =>
            String.fromCharCode(Number.parseInt(digits, 8) & 0xff),
          ),
        'latin1',
      ).toString()
    : text;

/** Blanks, quotes, `#`, the backslash and control characters: what would end or begin something in exports(5). */
export const escapeOctal = (path: string): string =>
  path.replace(/[\0-\x20"'#\\\x7f]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
