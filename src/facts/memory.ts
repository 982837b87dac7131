import type { FileFact } from '../host/host.ts';

/** The memory that the kernel uses, in bytes: MemTotal of proc_meminfo(5). Undefined without a /proc. */
export const totalMemory: FileFact<number | undefined> = {
  name: 'meminfo',
  path: '/proc/meminfo',
  absent: undefined,
  parse: (content) => {
    const [, kibibytes] = /^MemTotal: +(\d+) kB$/m.exec(content) ?? [];
    if (kibibytes === undefined)
      throw new Error('/proc/meminfo: expected a line MemTotal, as in proc_meminfo(5)');
    return Number(kibibytes) * 1024;
  },
};
