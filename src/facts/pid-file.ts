/** The process that a daemon has written down. */
import type { HostReader } from '../host/host.ts';

/** Undefined: none, or one that is another program by now. The folder may be the daemon's own. */
export const pidIn = (host: HostReader, file: string, program: string): string | undefined => {
  const pid = host.readFileInHostileGround(file)?.toString().trim();
  if (pid === undefined || !/^[1-9]\d*$/.test(pid)) return undefined;
  return host.readFile(`/proc/${pid}/comm`)?.toString().trim() === program ? pid : undefined;
};
