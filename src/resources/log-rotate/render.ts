import type { Desired } from './schema.ts';

const createLine = ({ create, copyTruncate }: Desired): string[] => {
  if (copyTruncate) return ['copytruncate'];
  return [create === undefined ? 'create' : `create ${create.mode} ${create.owner} ${create.group}`];
};

const scriptLines = ({ postRotate, sharedScripts }: Desired): string[] =>
  postRotate === undefined
    ? []
    : [
        sharedScripts ? 'sharedscripts' : 'nosharedscripts',
        'postrotate',
        ...postRotate.map((text) => `\t${text}`),
        'endscript',
      ];

/** Every setting is written out: what logrotate.conf has for all does not reach in. */
const settingsOf = (want: Desired): string[] => [
  want.frequency,
  `rotate ${want.rotate}`,
  ...(want.maxSize === undefined ? [] : [`maxsize ${want.maxSize}`]),
  ...(want.minSize === undefined ? [] : [`minsize ${want.minSize}`]),
  ...(want.maxAge === undefined ? [] : [`maxage ${want.maxAge}`]),
  ...(want.compress ? ['compress', 'delaycompress'] : ['nocompress']),
  want.missingOk ? 'missingok' : 'nomissingok',
  want.ifEmpty ? 'ifempty' : 'notifempty',
  ...createLine(want),
  ...(want.su === undefined ? [] : [`su ${want.su.user} ${want.su.group}`]),
  ...scriptLines(want),
];

export const render = (want: Desired): string =>
  [
    `# managed by phoenix: LogRotate[${want.name}]`,
    want.paths.map((path) => `"${path}"`).join(' ') + ' {',
    ...settingsOf(want).map((text) => `\t${text}`),
    '}',
    '',
  ].join('\n');
