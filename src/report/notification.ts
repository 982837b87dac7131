/** A word to somebody who is not there: names and how they ended, never contents or messages, which may have secrets in them. */
import type { Ending, News } from '../engine/notify.ts';
import { EXIT } from '../engine/outcome.ts';
import type { Differing } from '../engine/run-summary.ts';
import { escapeControls } from '../host/display.ts';
import { WORDS } from './end-text.ts';
import { ORIGINS } from './past-run-text.ts';

export interface Notification extends Ending {
  readonly news: News;
  readonly host: string;
  readonly version: string;
  readonly at: string;
}

/** A message is read on a telephone. */
const MOST = 10;

const FAILURES: ReadonlyMap<number, string> = new Map([
  [EXIT.bug, 'phoenix itself failed'],
  [EXIT.failed, 'something failed, or cannot be read'],
  [EXIT.driftAndUnknown, 'something drifted, and something cannot be read'],
  [EXIT.noPermission, 'the manifest cannot be trusted'],
  [EXIT.badManifest, 'the manifest is wrong, or not there'],
]);

const DRIFTS: ReadonlyMap<number, string> = new Map([
  [EXIT.done, 'drifted, and was brought back'],
  [EXIT.drift, 'differs from the manifest; only reported'],
  [EXIT.held, 'differs from the manifest, and waits for you'],
]);

const whatOf = ({ news, exitCode }: Notification): string => {
  if (news === 'recovery') return 'as the manifest says again';
  const words = news === 'failure' ? FAILURES : DRIFTS;
  return words.get(exitCode) ?? `ended with ${exitCode}`;
};

const lineOf = ({ ref, is, origin, result }: Differing): string => {
  const how = result === undefined ? (is === 'unknown' ? 'unreadable' : 'differs') : WORDS[result];
  return `${escapeControls(ref).replaceAll('\n', '\\n')}: ${how}${origin === undefined ? '' : `, ${ORIGINS[origin]}`}`;
};

export const titleOf = (notification: Notification): string =>
  `phoenix on ${notification.host}: ${whatOf(notification)}`;

const bodyLines = ({ differed, owed, exitCode }: Notification): string[] => [
  ...differed.slice(0, MOST).map(lineOf),
  ...(differed.length > MOST ? [`… ${differed.length - MOST} more`] : []),
  ...(owed > 0 ? [`${owed} restart${owed === 1 ? '' : 's'} or reload${owed === 1 ? '' : 's'} owed`] : []),
  `exit code ${exitCode}; phoenix report on the host says more`,
];

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const webhookMessage = (notification: Notification): Message => {
  const { news, host, version, at, exitCode, differed, owed } = notification;
  const text = [titleOf(notification), ...bodyLines(notification)].join('\n');
  const resources = differed.slice(0, MOST);
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'phoenix',
      schema: '1.0',
      news,
      host,
      version,
      at,
      exitCode,
      owed,
      text,
      resources,
      differed: differed.length,
    }),
  };
};

const PRIORITIES: Readonly<Record<News, string>> = { failure: 'high', drift: 'default', recovery: 'default' };
const TAGS: Readonly<Record<News, string>> = {
  failure: 'rotating_light',
  drift: 'warning',
  recovery: 'white_check_mark',
};

/** Headers are ASCII; so is what phoenix says, and the name of a host. */
export const ntfyMessage = (notification: Notification): Message => ({
  headers: {
    title: titleOf(notification).replace(/[^\x20-\x7e]/g, '?'),
    priority: PRIORITIES[notification.news],
    tags: TAGS[notification.news],
  },
  body: bodyLines(notification).join('\n'),
});
