import { lstatSync } from 'node:fs';
import { timeText } from './lead.ts';

export interface Changed {
  readonly path: string;
  readonly at: number;
  readonly uid: number;
}

/** When its content, owner or mode was last changed. Of what is gone nothing is known. */
export const changedFile = (path: string): Changed | undefined => {
  try {
    const { ctimeMs, uid } = lstatSync(path);
    return { path, at: ctimeMs, uid };
  } catch {
    return undefined;
  }
};

export const changedText = ({ path, at, uid }: Changed, userName: (uid: number) => string): string =>
  `${path} was changed at ${timeText(at)} UTC${uid === 0 ? '' : ` and belongs to ${userName(uid)}`}`;
