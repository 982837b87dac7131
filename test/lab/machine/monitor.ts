import { setTimeout as sleep } from 'node:timers/promises';

import { JsonLines } from './json-lines.ts';

/** QEMU's machine protocol (QMP): enough of it to stop, save and go on. */
export class Monitor {
  readonly #lines: JsonLines;

  private constructor(lines: JsonLines) {
    this.#lines = lines;
  }

  static async connect(path: string): Promise<Monitor> {
    const lines = await JsonLines.connect(path);
    await lines.next((message) => message['QMP']);
    const monitor = new Monitor(lines);
    await monitor.execute('qmp_capabilities');
    return monitor;
  }

  async execute(command: string, args: object = {}): Promise<unknown> {
    this.#lines.send({ execute: command, arguments: args });
    const reply = await this.#lines.next((message) =>
      'return' in message || 'error' in message ? message : undefined,
    );
    if ('error' in reply) throw new Error(`QEMU refuses ${command}: ${JSON.stringify(reply['error'])}`);
    return reply['return'];
  }

  /** Asks again until the `status` of the answer is the wanted one. */
  async waitForStatus(query: string, status: string, timeout: number): Promise<void> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const answer = (await this.execute(query)) as { readonly status?: string };
      if (answer.status === status) return;
      if (answer.status === 'failed' || Date.now() > deadline) {
        throw new Error(`${query} is ${JSON.stringify(answer)}, not ${status}`);
      }
      await sleep(50);
    }
  }

  close(): void {
    this.#lines.close();
  }
}
