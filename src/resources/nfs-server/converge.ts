import { THREADS } from '../../facts/nfsd.ts';
import type { Host } from '../../host/host.ts';
import type { ServerOp } from './schema.ts';
import { OUR_FILE } from './settings.ts';

const READABLE = { mode: 0o644, uid: 0, gid: 0 };

/** Stopping waits for requests in hand; starting, for statd and the lock manager (systemd.service(5)). */
const TIMEOUT = 300_000;

/** Only what runs; the unit that starts it is another resource. */
const restart = async (host: Host, unit: string): Promise<void> => {
  await host.run({
    program: 'systemctl',
    args: ['try-restart', '--', `${unit}.service`],
    timeout: TIMEOUT,
  });
};

export const converge = async (op: ServerOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'write':
      await host.writeFile(OUR_FILE, op.text, READABLE);
      return;
    case 'remove':
      host.removeFile(OUR_FILE);
      return;
    case 'mask':
    case 'unmask':
      await host.run({ program: 'systemctl', args: [op.op, '--', ...op.units] });
      return;
    case 'set-threads':
      host.writeKernel(THREADS, String(op.threads));
      return;
    case 'restart':
      for (const unit of op.units) await restart(host, unit);
      return;
  }
};
