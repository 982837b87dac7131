/** After a run by the timer: metrics, and a word to who wants one. Nothing of it can change how the run ended. */
import { hostname } from 'node:os';
import { wordOf, type Ending, type Notify, type Target } from '../engine/notify.ts';
import { reasonOf } from '../engine/reading.ts';
import { writeOutput } from '../host/output-file.ts';
import { post } from '../host/post.ts';
import { keepTelling, type KeptTelling } from '../host/told-file.ts';
import { version } from '../installation.ts';
import { ntfyMessage, webhookMessage, type Notification } from '../report/notification.ts';
import { prometheusText } from '../report/prometheus.ts';
import { pastRun } from '../setup/past-runs.ts';

type Warn = (message: string) => void;

const writeMetrics = async (state: string, path: string, warn: Warn): Promise<void> => {
  try {
    writeOutput(path, prometheusText(await pastRun(state, hostname(), undefined)), 0o644);
  } catch (error) {
    warn(`the metrics could not be written: ${reasonOf(error)}`);
  }
};

/** Whether anybody has taken it. */
const send = async ({ webhook, ntfy }: Notify, notification: Notification, warn: Warn): Promise<boolean> => {
  const to = async (
    name: string,
    target: Target | undefined,
    message: typeof webhookMessage,
  ): Promise<boolean> => {
    if (target === undefined) return false;
    const why = await post(target, message(notification));
    if (why !== undefined) warn(`nobody could be told by ${name} (notify.${name}): ${why}`);
    return why === undefined;
  };
  const taken = await Promise.all([to('webhook', webhook, webhookMessage), to('ntfy', ntfy, ntfyMessage)]);
  return taken.includes(true);
};

const tell = async (
  state: string,
  notify: Notify,
  ending: Ending,
  before: KeptTelling | undefined,
  warn: Warn,
) => {
  const now = new Date();
  const word = wordOf(ending, before?.told, now);
  if (word === undefined) return;
  const { news, told } = word;
  const unheard = news !== undefined && notify.on.includes(news);
  const notification = { ...ending, host: hostname(), version, at: now.toISOString() };
  if (unheard && !(await send(notify, { ...notification, news }, warn))) {
    // It is tried again by the next run; but the manifest may be unreadable then.
    keepTelling(state, { told: before?.told, notify }, before);
    return;
  }
  // Of the end of what nobody wanted to hear of nobody wants to hear either.
  const open = told.open && (news === undefined || unheard);
  keepTelling(state, { told: { ...told, open }, notify }, before);
};

export interface After {
  readonly state: string;
  readonly notify: Notify;
  readonly ending: Ending;
  /** What was kept of an earlier run. */
  readonly before: KeptTelling | undefined;
  /** Whether the run came as far as the history. */
  readonly kept: boolean;
  readonly warn: Warn;
}

export const tellOthers = async ({ state, notify, ending, before, kept, warn }: After): Promise<void> => {
  if (kept && notify.textfile !== undefined) await writeMetrics(state, notify.textfile, warn);
  if (notify.webhook === undefined && notify.ntfy === undefined) return;
  try {
    await tell(state, notify, ending, before, warn);
  } catch (error) {
    warn(`what was told could not be kept: ${reasonOf(error)}`);
  }
};
