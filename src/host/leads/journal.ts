import { execute } from '../execute.ts';
import type { Trace } from './lead.ts';

/** Who became root, who logged in, and the tools of accounts, which write down what they change. */
const TAGS = [
  ...[
    'sudo',
    'su',
    'sshd',
    'sshd-session',
    'useradd',
    'usermod',
    'userdel',
    'groupadd',
    'groupmod',
    'groupdel',
  ],
  ...['gpasswd', 'passwd', 'chpasswd', 'chage', 'chsh', 'chfn'],
];

const TIMEOUT = 2_000;

const LINE = /^(\d+)\.\d+ \S+ ([\w-]+)\[?\d*\]?: (.*)$/;
/** pam's and sudo's lines that say nothing of what was done. */
const NOISE =
  /pam_unix|session (opened|closed)|Connection (closed|reset)|Disconnected|Received disconnect|Server listening/;

/** `journalctl -o short-unix`. */
export const parseJournal = (text: string): Trace[] =>
  text.split('\n').flatMap((line) => {
    const [, seconds, tag, message = ''] = LINE.exec(line) ?? [];
    return seconds === undefined || NOISE.test(message)
      ? []
      : [{ at: Number(seconds) * 1000, text: `${String(tag)}: ${message.trim().replace(/\s+/g, ' ')}` }];
  });

export const journalTraces = async (): Promise<Trace[]> => {
  const args = [
    '--no-pager',
    '--quiet',
    '--output=short-unix',
    '--lines=500',
    ...TAGS.flatMap((tag) => ['-t', tag]),
  ];
  try {
    const { stdout } = await execute({ program: 'journalctl', args, timeout: TIMEOUT });
    return parseJournal(stdout);
  } catch {
    return [];
  }
};
