/** Whether a text may have a secret in it. It errs on the side of silence: what it holds back is named, never shown. */

const WORDS =
  'pass(?:word|wd|phrase|code)?|secret|token|psk|credentials?|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key';

const SIGNS: readonly RegExp[] = [
  // `DB_PASSWORD=x`, `token: x`, `--password x`, `wpa-psk x`
  new RegExp(
    String.raw`(?:^|[^a-z])(?:[a-z0-9]+[-_.])*(?:${WORDS})["']?(?:\s*[=:]\s*|\s+)["']?[^\s"']`,
    'im',
  ),
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // https://user:password@host
  /\w:\/\/[^\s/:@]+:[^\s/@]+@/,
  // crypt(5)
  /\$(?:1|5|6|7|y|gy|2[aby])\$[^\s$]+\$/,
];

const texts = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'object' ? texts(one) : [`${key}: ${String(one)}`],
  );
};

export const mayTellSecret = (entry: unknown): boolean =>
  texts(entry).some((text) => SIGNS.some((sign) => sign.test(text)));
