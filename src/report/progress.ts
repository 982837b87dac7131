import type { RunEvent } from '../engine/events.ts';
import { escapeControls } from '../host/display.ts';

const WIDTH = 100;

/** What is under way, as one line on a terminal that is wiped when it is over; with `verbose` also what is done. */
export const progressOn = (
  stream: { write(text: string): void; readonly isTTY?: boolean },
  verbose: boolean,
) => {
  const status = (text: string): void => {
    if (stream.isTTY === true)
      stream.write(`\r\x1b[K${escapeControls(text).replaceAll('\n', ' ').slice(0, WIDTH)}`);
  };
  return (event: RunEvent): void => {
    switch (event.event) {
      case 'action begins':
        status(`${event.ref}: ${event.action.description} …`);
        return;
      case 'action goes on':
        status(`${event.ref}: ${event.text} …`);
        if (verbose && stream.isTTY !== true)
          stream.write(`${escapeControls(`${event.ref}: ${event.text}`).replaceAll('\n', ' ')}\n`);
        return;
      case 'action done':
        status('');
        if (verbose)
          stream.write(
            `done in ${Math.round(event.milliseconds)} ms: ${escapeControls(`${event.ref}: ${event.action.description}`)}\n`,
          );
        return;
      case 'step begins':
        if (verbose) stream.write(`step ${event.number}, ${event.step}\n`);
        return;
      case 'action failed':
      case 'end':
        status('');
        return;
      default:
        return;
    }
  };
};

/** What is no part of the report, such as a run that was cut off. */
export const notesOn =
  (stream: { write(text: string): void }) =>
  (event: RunEvent): void => {
    if (event.event === 'note' && event.level === 'warning')
      stream.write(`phoenix: ${escapeControls(event.message)}\n`);
  };
