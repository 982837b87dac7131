import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** QMP and the guest agent both speak JSON objects, one a line, over a Unix socket of QEMU. */
export class JsonLines {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string, undefined>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface(socket)[Symbol.asyncIterator]();
  }

  static async connect(path: string): Promise<JsonLines> {
    const socket = createConnection(path);
    await once(socket, 'connect');
    // QEMU may be killed at any time: the reader then sees the end of the lines.
    socket.on('error', () => undefined);
    return new JsonLines(socket);
  }

  send(message: object): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** The next message for which `wanted` gives a value; others are dropped. */
  async next<T>(wanted: (message: Record<string, unknown>) => T | undefined): Promise<T> {
    for (;;) {
      const line = await this.#lines.next();
      if (line.done === true) throw new Error('QEMU closed the connection');
      // The guest agent marks the answer to a sync with a 0xFF byte in front.
      const found = wanted(JSON.parse(line.value.replace(/^[^{]*/, '')) as Record<string, unknown>);
      if (found !== undefined) return found;
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
