/** Who is told of runs by the timer, on a throw-away host. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fs from 'fs-extra';
import { World } from '../support/world.ts';

interface Word {
  readonly news: string;
  readonly exitCode: number;
  readonly resources: readonly { readonly ref: string }[];
}

describe('runs by the timer', function () {
  this.timeout(60_000);
  let world: World;
  let server: Server;
  const words: Word[] = [];

  const manifest = (more = ''): void => {
    const { port } = server.address() as AddressInfo;
    world.manifest(`version: 1
notify:
  webhook: { url: 'http://127.0.0.1:${port}/' }
  textfile: /srv/phoenix.prom
resources:
  - File: { path: /srv/f, content: "secret content\\n" }
${more}`);
  };
  const run = async (code: number): Promise<string> => {
    const ended = await world.phoenix('scheduled');
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
    return ended.stderr;
  };
  const drift = (): void => {
    fs.writeFileSync(world.path('/srv/f'), 'x');
  };

  beforeEach(async () => {
    words.length = 0;
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        assert.doesNotMatch(body, /secret content/);
        words.push(JSON.parse(body) as Word);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    world = await World.enter();
    manifest();
  });
  afterEach(() => {
    world.leave();
    server.closeAllConnections();
    server.close();
  });

  it('tell of drift, of a manifest that is wrong, and of the recovery; and write metrics', async () => {
    await run(0);
    assert.equal(words.length, 0, 'what came with the manifest is no news');
    drift();
    await run(0);
    await run(0);
    assert.deepEqual(
      words.map(({ news, resources }) => [news, ...resources.map(({ ref }) => ref)]),
      [['drift', 'File[/srv/f]']],
    );
    assert.match(
      fs.readFileSync(world.path('/srv/phoenix.prom'), 'utf8'),
      /^phoenix_last_run_success\{does="setup"\} 1$/m,
    );
    assert.equal(fs.statSync(world.path('/srv/phoenix.prom')).mode & 0o777, 0o644);
    world.manifest('version: 1\nnothing: like that\n');
    await run(78);
    await run(78);
    manifest();
    await run(0);
    assert.deepEqual(
      words.slice(1).map(({ news, exitCode }) => [news, exitCode]),
      [
        ['failure', 78],
        ['recovery', 0],
      ],
    );
    const told = world.path('/var/lib/phoenix/told.json');
    assert.ok(fs.existsSync(told));
    world.manifest('version: 1\n');
    await run(0);
    assert.ok(!fs.existsSync(told), 'who is to know no more is forgotten');
  });

  it('end as they would if nobody can be told, or no metrics be written, and say so', async () => {
    fs.mkdirSync(world.path('/srv/phoenix.prom'));
    await run(0);
    server.closeAllConnections();
    const { port } = server.address() as AddressInfo;
    server.close();
    drift();
    await run(0);
    const log = fs.readFileSync(world.path('/var/log/phoenix/phoenix.log'), 'utf8');
    assert.match(log, /the metrics could not be written/);
    assert.match(log, /nobody could be told by webhook \(notify\.webhook\): ECONNREFUSED/);
    assert.doesNotMatch(log, new RegExp(`:${port}/`));
  });

  it('hold what is flapping, until a person brings it back', async () => {
    await run(0);
    for (let times = 0; times < 3; times += 1) {
      drift();
      await run(0);
    }
    drift();
    const { code, stdout } = await world.phoenix('scheduled');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /^File\[\/srv\/f\]: held back: flapping: brought back in 3 runs in a row, /m);
    assert.equal(fs.readFileSync(world.path('/srv/f'), 'utf8'), 'x');
    await run(3);
    assert.equal((await world.phoenix('setup', '--yes')).code, 0);
    drift();
    await run(0);
  });
});
