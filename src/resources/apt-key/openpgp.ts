/**
 * The fingerprints of an armored OpenPGP key (RFC 9580, sections 4, 5.5.4 and 6). gpg would know them, but need not be
 * installed since Debian 13, and the manifest is to be checked before the host is touched.
 */
import { createHash } from 'node:crypto';

const BLOCK =
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\s*\n((?:[A-Za-z]+: .*\n)*)\s*\n([A-Za-z0-9+/=\s]+?)\n(=[A-Za-z0-9+/]{4}\s*\n)?-----END PGP PUBLIC KEY BLOCK-----\s*$/;

const PUBLIC_KEY = 6;
const SECRET = new Set([5, 7]);

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

const dearmor = (text: string): Buffer => {
  const [, , base64] = BLOCK.exec(text.replaceAll('\r\n', '\n').trim()) ?? [];
  if (base64 === undefined)
    throw new Error(
      'expected one armored public key (-----BEGIN PGP PUBLIC KEY BLOCK-----); `gpg --no-default-keyring --keyring FILE --armor --export` makes one of a binary key',
    );
  return Buffer.from(base64, 'base64');
};

/** Where the body begins, and how long it is; lengths that are not told beforehand do not occur in keys. */
const lengthAt = (
  bytes: Buffer,
  at: number,
  isNew: boolean,
  type: number,
): [start: number, length: number] => {
  if (!isNew) {
    const size = [1, 2, 4][type];
    if (size === undefined) throw new Error('the key has a packet of no length');
    return [at + size, bytes.readUIntBE(at, size)];
  }
  const first = bytes.readUInt8(at);
  if (first < 192) return [at + 1, first];
  if (first < 224) return [at + 2, ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192];
  if (first === 255) return [at + 5, bytes.readUInt32BE(at + 1)];
  throw new Error('the key has a packet in parts');
};

const packetAt = (bytes: Buffer, at: number): [packet: Packet, next: number] => {
  const head = bytes.readUInt8(at);
  if ((head & 0x80) === 0) throw new Error('this is no OpenPGP key');
  const isNew = (head & 0x40) !== 0;
  const [start, length] = lengthAt(bytes, at + 1, isNew, head & 3);
  if (start + length > bytes.length) throw new Error('the key is cut off');
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  return [{ tag, body: bytes.subarray(start, start + length) }, start + length];
};

const packetsOf = (bytes: Buffer): Packet[] => {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length;) {
    const [packet, next] = packetAt(bytes, at);
    packets.push(packet);
    at = next;
  }
  return packets;
};

const fingerprintOf = (body: Buffer): string => {
  const version = body.readUInt8(0);
  if (version === 4) {
    const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
    return createHash('sha1').update(head).update(body).digest('hex').toUpperCase();
  }
  if (version !== 6)
    throw new Error(`the key is of version ${version}, which apt does not take; ask for a new one`);
  const head = Buffer.alloc(5, 0x9b);
  head.writeUInt32BE(body.length, 1);
  return createHash('sha256').update(head).update(body).digest('hex').toUpperCase();
};

/** Of every primary key in the text; throws where that is no armored public key. */
export const fingerprintsIn = (text: string): string[] => {
  let packets: Packet[];
  try {
    packets = packetsOf(dearmor(text));
  } catch (error) {
    throw error instanceof RangeError ? new Error('the key is cut off', { cause: error }) : error;
  }
  if (packets.some(({ tag }) => SECRET.has(tag)))
    throw new Error('this is a secret key, which belongs on no host; export the public one');
  const keys = packets.filter(({ tag }) => tag === PUBLIC_KEY);
  if (packets[0]?.tag !== PUBLIC_KEY) throw new Error('this is no OpenPGP key');
  return keys.map(({ body }) => fingerprintOf(body));
};
