/** A Debian release that the lab can be. */
export interface Release {
  readonly version: '12' | '13';
  readonly suite: 'bookworm' | 'trixie';
}

const RELEASES: Readonly<Record<string, Release>> = {
  '12': { version: '12', suite: 'bookworm' },
  '13': { version: '13', suite: 'trixie' },
};

export const releaseOf = (version: string): Release => {
  const release = RELEASES[version];
  if (!release) throw new Error(`the lab has Debian ${Object.keys(RELEASES).join(' and ')}, not ${version}`);
  return release;
};

/** The release asked for by the environment; Debian 13 otherwise. */
export const currentRelease = (): Release => releaseOf(process.env['PHOENIX_LAB_RELEASE'] ?? '13');
