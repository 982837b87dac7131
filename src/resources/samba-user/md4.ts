/**
 * MD4 (RFC 1320), only because Samba keeps a password as its NT hash, which is MD4 of the password in UTF-16, and
 * OpenSSL 3 has put MD4 away among its legacy algorithms: `createHash('md4')` throws. It protects nothing here.
 */

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

type State = readonly [a: number, b: number, c: number, d: number];

interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  /** In which order the words of a block come. */
  readonly order: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}

/** RFC 1320, section 3.4. */
const ROUNDS: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

/** One bit, zeros, and the length in bits in the last eight bytes of a block. */
const padded = (message: Buffer): Buffer => {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const padding = Buffer.alloc(length - message.length);
  padding[0] = 0x80;
  padding.writeBigUInt64LE(BigInt(message.length) * 8n, padding.length - 8);
  return Buffer.concat([message, padding]);
};

/** Each step computes the first of the four, and passes them on by one place. */
const runRound = (state: State, words: readonly number[], { mix, constant, order, shifts }: Round): State =>
  order.reduce<State>(([a, b, c, d], word, step) => {
    const sum = (a + mix(b, c, d) + (words[word] ?? 0) + constant) | 0;
    return [d, rotate(sum, shifts[step % 4] ?? 0), b, c];
  }, state);

const addBlock = (state: State, block: Buffer): State => {
  const words = Array.from({ length: 16 }, (_, index) => block.readInt32LE(index * 4));
  const [a, b, c, d] = ROUNDS.reduce<State>((now, round) => runRound(now, words, round), state);
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
};

export const md4 = (message: Buffer): Buffer => {
  const whole = padded(message);
  let state: State = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < whole.length; at += 64) state = addBlock(state, whole.subarray(at, at + 64));
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeInt32LE(word, index * 4));
  return digest;
};
