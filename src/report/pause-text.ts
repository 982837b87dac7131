import { escapeControls } from '../host/display.ts';
import type { Pause } from '../host/pause-file.ts';

const oneLine = (text: string): string => escapeControls(text).replaceAll('\n', '\\n');

export const pauseText = ({ why, by, since, until }: Pause): string =>
  `paused by ${oneLine(by)} since ${since}${until === undefined ? '' : `, until ${until}`}: ${oneLine(why)}`;
