import { strict as assert } from 'node:assert';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import fs from 'fs-extra';
import { post } from '../../src/host/post.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MESSAGE = { headers: { 'content-type': 'text/plain' }, body: 'drift' };

describe('post', () => {
  const folder = temporaryFolder();
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
  const at = (path = ''): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;

  /** An address that somebody has just left. */
  const nobodyAt = async (): Promise<string> => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    return `http://127.0.0.1:${port}/`;
  };

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        answer(request, response);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_, response) => response.end('thanks');
  });

  const secret = (text: string): { file: string } => {
    const file = `${folder.path}/secret`;
    fs.writeFileSync(file, text, { mode: 0o600 });
    return { file };
  };

  it('tells, with its token', async () => {
    assert.equal(await post({ url: at(), token: secret('tk_123\n') }, MESSAGE), undefined);
    assert.equal(seen[0]?.body, 'drift');
    assert.equal(seen[0].headers.authorization, 'Bearer tk_123');
  });

  it('takes an address that is a secret', async () => {
    assert.equal(await post({ url: secret(`${at('hook/abc')}\n`) }, MESSAGE), undefined);
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.headers.authorization, undefined);
  });

  it('says why not, without the address', async () => {
    const why = async (url: string | { file: string }, within = 10_000): Promise<string> => {
      const said = (await post({ url }, MESSAGE, within)) ?? '';
      assert.doesNotMatch(said, /127\.0|secret-path|http:/);
      return said;
    };
    answer = (_, response) => response.writeHead(403).end();
    assert.equal(await why(at('secret-path')), 'answered with 403');
    answer = (_, response) => response.writeHead(302, { location: at('elsewhere') }).end();
    assert.match(await why(at('secret-path')), /^\w/);
    assert.equal(seen.length, 2, 'the token goes nowhere else');
    answer = () => undefined;
    assert.equal(await why(at('secret-path'), 100), 'no answer within 0.1 s');
    assert.equal(await why(`${await nobodyAt()}secret-path`), 'ECONNREFUSED');
    assert.equal(await why(secret('secret-path')), 'no address of http or https');
    assert.match(await why({ file: '/nowhere/token' }), /^cannot read \/nowhere\/token: no such file/);
  });
});
