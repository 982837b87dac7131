import type { Desired, Source } from './schema.ts';

const HEAD = '# managed by phoenix: NtpServer[system]';

type Given = Desired['servers'][number];

const nameOf = (one: Given): string => (typeof one === 'string' ? one : one.host);

const optionsOf = ({ iburst, prefer, nts, minPoll, maxPoll }: Source): string[] => [
  ...(iburst ? ['iburst'] : []),
  ...(prefer ? ['prefer'] : []),
  ...(nts ? ['nts'] : []),
  ...(minPoll === undefined ? [] : [`minpoll ${minPoll}`]),
  ...(maxPoll === undefined ? [] : [`maxpoll ${maxPoll}`]),
];

const lineOf = (directive: string, one: Given): string =>
  [directive, nameOf(one), ...(typeof one === 'string' ? ['iburst'] : optionsOf(one))].join(' ');

const text = (lines: readonly string[]): string | undefined =>
  lines.length === 0 ? undefined : [HEAD, ...lines, ''].join('\n');

/** Undefined where the file would say nothing. */
export const renderSources = ({ servers, pools, ensure }: Desired): string | undefined =>
  ensure === 'absent'
    ? undefined
    : text([...servers.map((one) => lineOf('server', one)), ...pools.map((one) => lineOf('pool', one))]);

export const renderSettings = ({ allow, makestep, ensure }: Desired): string | undefined =>
  ensure === 'absent'
    ? undefined
    : text([
        ...allow.map((network) => `allow ${network}`),
        ...(makestep === undefined ? [] : [`makestep ${makestep.threshold} ${makestep.limit}`]),
      ]);

/** Lines of our file whose name the running daemon does not have. */
export const linesWithout = (file: string, live: readonly string[]): string[] =>
  file.split('\n').filter((line) => {
    const [directive = '', name = ''] = line.split(' ');
    return (directive === 'server' || directive === 'pool') && !live.includes(name);
  });
