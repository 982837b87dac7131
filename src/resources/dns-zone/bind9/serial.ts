/** Serial numbers of zones: what tells other servers, and us, which version of the data somebody has. */

const SOA = /^(\S+ SOA \S+ \S+ )(\d+)(?= )/m;

/** 0: there is none. */
export const serialIn = (data: string | undefined): number => Number(SOA.exec(data ?? '')?.[2] ?? 0);

export const withSerial = (data: string, serial: number): string => data.replace(SOA, `$1${serial}`);

const LAST = 0xffff_ffff;

/** Seconds since 1970, so that it grows also where the zone was gone in between; else the next one, RFC 1982. */
export const nextSerial = (before: number, seconds: number): number => {
  if (seconds > before) return seconds;
  return before === LAST ? 1 : before + 1;
};
