import { dirname } from 'node:path';
import type { HostReader } from '../host/host.ts';

/** The device of a mount point is not that of its parent. A bind mount of one filesystem is not seen so. */
export const isMountPoint = (host: HostReader, path: string): boolean => {
  const info = host.lstat(path);
  return info?.type === 'directory' && info.dev !== host.lstat(dirname(path))?.dev;
};
