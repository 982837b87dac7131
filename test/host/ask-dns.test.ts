import { strict as assert } from 'node:assert';
import { createSocket, type Socket } from 'node:dgram';
import { askServer } from '../../src/host/ask-dns.ts';
import type { DnsQuestion } from '../../src/host/host.ts';

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
};

const labels = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
const number16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);

const DATA: Readonly<Record<string, Buffer[]>> = {
  'two.test A': [Buffer.from([10, 0, 0, 2]), Buffer.from([10, 0, 0, 1])],
  'two.test AAAA': [Buffer.from('fd000000000000000000000000000013', 'hex')],
  'www.test CNAME': [labels('two.test')],
  'test MX': [
    Buffer.concat([number16(20), labels('b.test')]),
    Buffer.concat([number16(10), labels('a.test')]),
  ],
  ' NS': [labels('root.test')],
  '1.0.0.10.in-addr.arpa PTR': [labels('two.test')],
  '_x._tcp.test SRV': [Buffer.concat([number16(1), number16(2), number16(80), labels('two.test')])],
  'test SOA': [
    Buffer.concat([
      labels('ns.test'),
      labels('root.test'),
      Buffer.from('6920000000000e100000025800093a800000012c', 'hex'),
    ]),
  ],
  'test TXT': [Buffer.concat([text('a "b" '), text('c')])],
};
/** What the server refuses, and what it knows nothing of at all. */
const CODES: Readonly<Record<string, number>> = { 'refused.test A': 5, 'none.test A': 3 };

/** A server of RFC 1035, as far as it is needed here: header, question, answers. */
const answerTo = (query: Buffer): Buffer => {
  let end = 12;
  const name: string[] = [];
  for (; query[end] !== 0; end += query[end]! + 1)
    name.push(query.subarray(end + 1, end + 1 + query[end]!).toString());
  const type = query.readUInt16BE(end + 1);
  const question = `${name.join('.').toLowerCase()} ${TYPES[type] ?? ''}`;
  const data = DATA[question] ?? [];
  const header = Buffer.concat([
    query.subarray(0, 2),
    number16(0x8180 | (CODES[question] ?? 0)),
    number16(1),
    number16(data.length),
    Buffer.alloc(4),
  ]);
  const records = data.map((one) =>
    Buffer.concat([
      number16(0xc00c),
      number16(type),
      number16(1),
      Buffer.alloc(4),
      number16(one.length),
      one,
    ]),
  );
  return Buffer.concat([header, query.subarray(12, end + 5), ...records]);
};

describe('asking a DNS server', () => {
  let socket: Socket;
  let asked = 0;

  beforeEach(async () => {
    asked = 0;
    socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    socket.close();
  });

  const serve = (answer: (query: Buffer) => Buffer | undefined): void => {
    socket.on('message', (query, { port, address }) => {
      asked += 1;
      const reply = answer(query);
      if (reply !== undefined) socket.send(reply, port, address);
    });
  };
  const ask = (...questions: DnsQuestion[]) => askServer('127.0.0.1', questions, socket.address().port);

  it('gives the data of every type as a zone file has it, sorted', async () => {
    serve(answerTo);
    const answers = await ask(
      { name: 'two.test', type: 'A' },
      { name: 'two.test', type: 'AAAA' },
      { name: 'www.test', type: 'CNAME' },
      { name: 'test', type: 'MX' },
      { name: '.', type: 'NS' },
      { name: '1.0.0.10.in-addr.arpa', type: 'PTR' },
      { name: 'test', type: 'SOA' },
      { name: '_x._tcp.test', type: 'SRV' },
      { name: 'test', type: 'TXT' },
    );
    assert.deepEqual(
      answers.map((answer) => (answer.is === 'answer' ? answer.records : answer.code)),
      [
        ['10.0.0.1', '10.0.0.2'],
        ['fd00::13'],
        ['two.test'],
        ['10 a.test', '20 b.test'],
        ['root.test'],
        ['two.test'],
        ['ns.test root.test 1763704832 3600 600 604800 300'],
        ['1 2 80 two.test'],
        ['a "b" c'],
      ],
    );
  });

  it('tells no such name and no such record from a server that would not answer', async () => {
    serve(answerTo);
    assert.deepEqual(
      await ask(
        { name: 'none.test', type: 'A' },
        { name: 'two.test', type: 'TXT' },
        { name: 'refused.test', type: 'A' },
      ),
      [
        { is: 'answer', records: [] },
        { is: 'answer', records: [] },
        { is: 'no answer', code: 'EREFUSED' },
      ],
    );
  });

  it('asks again when an answer is lost', async () => {
    serve((query) => (asked === 1 ? undefined : answerTo(query)));
    assert.deepEqual(await ask({ name: 'two.test', type: 'AAAA' }), [
      { is: 'answer', records: ['fd00::13'] },
    ]);
  }).timeout(10_000);

  it('asks hundreds of questions, in their order', async () => {
    serve(answerTo);
    const questions = Array.from({ length: 500 }, (_, index): DnsQuestion =>
      index % 2 === 0 ? { name: 'two.test', type: 'AAAA' } : { name: 'www.test', type: 'CNAME' },
    );
    const answers = await ask(...questions);
    assert.ok(
      answers.every((answer, index) =>
        answer.is === 'answer' ? answer.records[0] === (index % 2 === 0 ? 'fd00::13' : 'two.test') : false,
      ),
    );
    assert.equal(answers.length, 500);
  });

  it('does not wait for each question of a server that is not there', async () => {
    const { port } = socket.address();
    socket.close();
    const questions = Array.from({ length: 500 }, (): DnsQuestion => ({ name: 'two.test', type: 'A' }));
    const answers = await askServer('127.0.0.1', questions, port);
    assert.equal(answers.length, 500);
    assert.ok(answers.every((answer) => answer.is === 'no answer' && answer.code === 'ECONNREFUSED'));
    socket = createSocket('udp4');
  }).timeout(10_000);
});
