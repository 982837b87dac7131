/**
 * The log: what changed, what failed, what is owed; never what is in sync. Under systemd as `<n>` lines on standard
 * error (sd-daemon(3)), on a terminal as plain sentences there, and as JSON lines in a file that rotates.
 * winston is loaded when something differs, while others are still read; a run that changes nothing does without.
 */
import type { Logger } from 'winston';
import type { RunEvent } from '../engine/events.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Verdict } from '../engine/way-back.ts';
import { escapeControls } from '../host/display.ts';
import { openLogFile } from '../host/log-file.ts';

/** syslog(3) priorities. */
const PRIORITY = { error: 3, warning: 4, notice: 5, info: 6 } as const;
type Level = keyof typeof PRIORITY;

interface LogLine {
  readonly level: Level;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const outcomeLine = ({ ref, result, reason }: Outcome): LogLine | undefined => {
  if (result === 'in sync' || result === 'converged') return undefined;
  const level = result === 'failed' || result === 'unknown' ? 'error' : 'warning';
  return {
    level,
    message: `${ref}: ${result}${reason === undefined ? '' : `: ${reason}`}`,
    fields: { ref, result },
  };
};

const wayBackLine = (refs: readonly string[], verdict: Verdict): LogLine => {
  const names = refs.join(', ');
  const fields = { refs, verdict: verdict.is };
  if (verdict.is === 'confirmed')
    return { level: 'notice', message: `${names}: confirmed by the ${verdict.by}`, fields };
  const errors = verdict.is === 'taken back' ? verdict.errors.map((error) => `; failed: ${error}`) : [];
  return { level: 'error', message: `${names}: ${verdict.is}: ${verdict.why}${errors.join('')}`, fields };
};

const rebootLine = ({ now, reasons, awaited }: Extract<RunEvent, { event: 'reboot' }>): LogLine => ({
  level: now ? 'notice' : 'warning',
  message: now ? 'rebooting now, for what is owed' : `no reboot now: ${reasons.join('; ')}`,
  fields: { for: awaited.map(({ ref }) => ref) },
});

const debtLine = (event: Extract<RunEvent, { event: 'debt paid' | 'debt unpaid' }>): LogLine => {
  const fields = { for: event.owed.why };
  const { description } = event.owed.debt;
  return event.event === 'debt paid'
    ? { level: 'notice', message: description, fields }
    : {
        level: event.held ? 'warning' : 'error',
        message: `${description}: still owed: ${event.reason}`,
        fields,
      };
};

/** The line that an event is worth, if any. */
const lineOf = (event: RunEvent): LogLine | undefined => {
  switch (event.event) {
    case 'note':
      return { level: event.level, message: event.message, fields: {} };
    case 'action done':
      return {
        level: 'notice',
        message: `${event.ref}: ${event.action.description}`,
        fields: { ref: event.ref, op: event.action.does.op, milliseconds: Math.round(event.milliseconds) },
      };
    case 'noted':
      return { level: 'notice', message: `${event.ref}: ${event.text}`, fields: { ref: event.ref } };
    case 'action failed':
      return {
        level: 'error',
        message: `${event.ref}: could not ${event.action.description}: ${event.error}`,
        fields: { ref: event.ref, op: event.action.does.op },
      };
    case 'resource':
      return outcomeLine(event.outcome);
    case 'way back':
      return wayBackLine(event.refs, event.verdict);
    case 'debt paid':
    case 'debt unpaid':
      return debtLine(event);
    case 'reboot':
      return rebootLine(event);
    default:
      return undefined;
  }
};

export interface LogTarget {
  /** `systemd`: `<n>` lines on standard error; `terminal`: sentences there; `none`: only the file. */
  readonly stderr: 'systemd' | 'terminal' | 'none';
  /** Makes and names the folder of the JSON lines; none in check mode, which writes nothing. */
  readonly folder?: () => string;
}

const makeLogger = async ({ stderr, folder }: LogTarget): Promise<Logger> => {
  // Bundled, a CommonJS module has only its default export.
  const { default: winston } = await import('winston');
  const { format, transports } = winston;
  const human = format.printf(({ level, message }) => {
    const text = escapeControls(String(message));
    if (stderr === 'terminal') return text;
    const prefix = `<${PRIORITY[level as Level]}>`;
    return prefix + text.replaceAll('\n', `\n${prefix}`);
  });
  const json = format.printf(({ level, message, ...fields }) =>
    JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields }),
  );
  const logger = winston.createLogger({
    levels: PRIORITY,
    level: 'info',
    format: json,
    transports: [
      ...(stderr === 'none' ? [] : [new transports.Stream({ stream: process.stderr, format: human })]),
      ...(folder === undefined ? [] : [new transports.Stream({ stream: openLogFile(folder()) })]),
    ],
    silent: stderr === 'none' && folder === undefined,
  });
  // Its folder cannot be made, or its disk is full: the journal has it all, and the run goes on.
  logger.on('error', () => undefined);
  return logger;
};

/** Nothing is on its way to what it writes to, as nearly always: a file is written to at once. */
const hasWritten = (logger: Logger): boolean =>
  [logger, ...logger.transports].every(({ writableLength }) => writableLength === 0) &&
  logger.readableLength === 0;

export interface Log {
  readonly listen: (event: RunEvent) => void;
  /** There will be lines: makes ready what writes them. */
  readonly expect: () => void;
  /** Resolves when every line is written. */
  readonly close: () => Promise<void>;
}

export const openLog = (target: LogTarget): Log => {
  let logger: Promise<Logger | undefined> | undefined;
  const open = async (): Promise<Logger | undefined> => {
    try {
      return await makeLogger(target);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      process.stderr.write(`phoenix: no log is written: ${escapeControls(why)}\n`);
      return undefined;
    }
  };
  return {
    listen(event) {
      const line = lineOf(event);
      if (line === undefined) return;
      logger ??= open();
      void logger.then((to) => to?.log(line.level, line.message, line.fields));
    },
    expect() {
      logger ??= open();
    },
    async close() {
      const opened = await logger;
      if (opened === undefined || hasWritten(opened)) return;
      // winston loses what is under way when the process ends before its streams have finished.
      await new Promise<void>((resolve) => {
        opened.once('finish', () => {
          setImmediate(resolve);
        });
        opened.end();
      });
    },
  };
};
