import { convergeOwnFile } from '../../facts/own-file.ts';
import type { Host } from '../../host/host.ts';
import { type InitOp } from './schema.ts';

/** Setting up a card that nobody uses takes seconds each, and a sick one minutes. */
const TIMEOUT = 300_000;

const systemctl = async (host: Host, ...args: string[]): Promise<void> => {
  await host.run({ program: 'systemctl', args, timeout: TIMEOUT });
};

/** What has failed too often is not started otherwise; and only then is what it said worth reading. */
const restart = async (host: Host, unit: string): Promise<void> => {
  await host.run({ program: 'systemctl', args: ['reset-failed', '--', unit], okCodes: [0, 1] });
  const { code } = await host.run({
    program: 'systemctl',
    args: ['restart', '--', unit],
    timeout: TIMEOUT,
    okCodes: [0, 1, 3, 4, 5],
  });
  if (code === 0) return;
  const { stdout } = await host.run({
    program: 'journalctl',
    args: ['--unit', unit, '--lines', '8', '--output', 'cat', '--no-pager'],
    okCodes: [0, 1],
  });
  throw new Error(`${unit} does not start; its journal ends with:\n${stdout.trimEnd()}`);
};

export const converge = async (op: InitOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'daemon-reload':
      await systemctl(host, 'daemon-reload');
      return;
    case 'enable':
    case 'disable':
    case 'stop':
      await systemctl(host, op.op, '--', op.unit);
      return;
    case 'restart':
      await restart(host, op.unit);
      return;
    default:
      await convergeOwnFile(op, host);
      await systemctl(host, 'daemon-reload');
  }
};
