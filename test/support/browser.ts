/** A headless Chromium, spoken to by its DevTools protocol over a pipe: no port, no network. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

type Fields = Readonly<Record<string, unknown>>;

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

export interface Seen {
  /** Pixels that the page is wide. */
  readonly width: number;
  readonly background: string;
  readonly colour: string;
  /** What the page asked for, besides itself. */
  readonly asked: readonly string[];
  readonly png: Buffer;
}

const MEASURE = `(() => {
  const { backgroundColor, color } = getComputedStyle(document.body);
  return { width: document.documentElement.scrollWidth, background: backgroundColor, colour: color };
})()`;

export class Browser {
  readonly #profile = mkdtempSync('/tmp/phoenix-browser-');
  readonly #process = spawn(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...['--remote-debugging-pipe', `--user-data-dir=${this.#profile}`, 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  readonly #waiting = new Map<number, (answer: Fields) => void>();
  readonly #asked: string[] = [];
  #count = 0;
  #session: string | undefined;
  #loaded: () => void = () => undefined;

  constructor() {
    let rest = '';
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#take(JSON.parse(message) as Fields);
    });
  }

  #take(message: Fields): void {
    if (typeof message['id'] === 'number') this.#waiting.get(message['id'])?.(message);
    else if (message['method'] === 'Page.loadEventFired') this.#loaded();
    else if (message['method'] === 'Network.requestWillBeSent')
      this.#asked.push(((message['params'] as Fields)['request'] as { readonly url: string }).url);
  }

  async #call(method: string, params: Fields = {}): Promise<Fields> {
    this.#count += 1;
    const id = this.#count;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    const answer = await new Promise<Fields>((resolve) => {
      this.#waiting.set(id, resolve);
      (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
    if (answer['error'] !== undefined) throw new Error(`${method}: ${JSON.stringify(answer['error'])}`);
    return answer['result'] as Fields;
  }

  async #attach(): Promise<void> {
    const { targetId } = await this.#call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#call('Target.attachToTarget', { targetId, flatten: true });
    this.#session = sessionId as string;
    for (const domain of ['Page', 'Network', 'Runtime']) await this.#call(`${domain}.enable`);
  }

  /** Opens a file as a screen of this width shows it. */
  async look(path: string, { width, scheme }: Look): Promise<Seen> {
    if (this.#session === undefined) await this.#attach();
    const phone = { width, height: 844, deviceScaleFactor: 1, mobile: width < 600 };
    await this.#call('Emulation.setDeviceMetricsOverride', phone);
    await this.#call('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
    this.#asked.length = 0;
    const loaded = new Promise<void>((resolve) => (this.#loaded = resolve));
    await this.#call('Page.navigate', { url: `file://${path}` });
    await loaded;
    const { result } = await this.#call('Runtime.evaluate', { expression: MEASURE, returnByValue: true });
    const shot = await this.#call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
    const asked = this.#asked.filter((url) => url !== `file://${path}`);
    const measured = (result as Fields)['value'] as Omit<Seen, 'asked' | 'png'>;
    return { ...measured, asked, png: Buffer.from(shot['data'] as string, 'base64') };
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    // Killed, it would leave processes behind that still write to the profile.
    this.#session = undefined;
    void this.#call('Browser.close');
    const hangs = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(hangs);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
