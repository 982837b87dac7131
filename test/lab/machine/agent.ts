import { setTimeout as sleep } from 'node:timers/promises';

import { JsonLines } from './json-lines.ts';
import { type Outcome, type RunOptions, withDeadline } from './outcome.ts';

interface Status {
  readonly exited: boolean;
  readonly exitcode?: number;
  readonly signal?: number;
  readonly 'out-data'?: string;
  readonly 'err-data'?: string;
}

const decode = (data: string | undefined): string =>
  Buffer.from(data ?? '', 'base64')
    .toString('utf8')
    .replace(/\n$/, '');

/** The way in that needs no network: QEMU's guest agent behind a virtio serial port. */
export class Agent {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async run(line: string, { timeout = 120_000, input }: RunOptions = {}): Promise<Outcome> {
    const lines = await JsonLines.connect(this.#path);
    const execute = async (command: string, args: object): Promise<unknown> => {
      lines.send({ execute: command, arguments: args });
      return await lines.next((message) => {
        if ('error' in message)
          throw new Error(`the guest agent refuses ${command}: ${JSON.stringify(message['error'])}`);
        return message['return'];
      });
    };
    try {
      // An earlier client may have left half an answer behind.
      const id = Math.floor(Math.random() * 1e9);
      lines.send({ execute: 'guest-sync', arguments: { id } });
      await lines.next((message) => message['return'] === id || undefined);
      const { pid } = (await execute('guest-exec', {
        path: '/bin/bash',
        arg: ['-c', withDeadline(line, timeout)],
        'capture-output': true,
        ...(input === undefined ? {} : { 'input-data': Buffer.from(input).toString('base64') }),
      })) as { readonly pid: number };
      for (let pause = 20; ; pause = Math.min(2 * pause, 1000)) {
        const status = (await execute('guest-exec-status', { pid })) as Status;
        if (status.exited) {
          const code = status.exitcode ?? 128 + (status.signal ?? 0);
          return { code, stdout: decode(status['out-data']), stderr: decode(status['err-data']) };
        }
        await sleep(pause);
      }
    } finally {
      lines.close();
    }
  }
}
