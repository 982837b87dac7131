/** Apart from all that deals with it: asked in every run, and nearly always no. */
import { existsSync } from 'node:fs';

export const somethingWaits = (state: string): boolean => existsSync(`${state}/way-back/armed.json`);
