/** Apart from the rest: asked at the start of every run. */
import { existsSync } from 'node:fs';

/** phoenix has made a reboot, and what it was for may not have come yet. */
export const rebootWasMade = (state: string): boolean => existsSync(`${state}/reboot.json`);
