/** One write by the real host, as a process of its own that can be killed: STATE PATH CONTENT. */
import { existsSync } from 'node:fs';
import { RealHost } from '../../src/host/real-host.ts';

const [state = '', path = '', content = ''] = process.argv.slice(2);
/** Seen by strace: from here on every system call is the write's. */
existsSync('/phoenix-begins-here');
await new RealHost(state).writeFile(path, content, {
  mode: 0o640,
  uid: process.geteuid?.() ?? 0,
  gid: process.getegid?.() ?? 0,
});
existsSync('/phoenix-ends-here');
