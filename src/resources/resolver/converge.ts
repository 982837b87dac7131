import { reasonOf } from '../../engine/reading.ts';
import { LOOPBACK } from '../../facts/addresses.ts';
import type { DnsQuestion, FileMeta, Host } from '../../host/host.ts';
import { PATH } from './resolv-conf.ts';
import type { ResolverOp } from './schema.ts';

const READABLE: FileMeta = { mode: 0o644, uid: 0, gid: 0 };

/** Any server that asks others knows the root. */
const ROOT: DnsQuestion = { name: '.', type: 'NS' };

const knows = async (host: Host, server: string, probe: string | undefined): Promise<string | undefined> => {
  const questions: DnsQuestion[] =
    probe === undefined
      ? [ROOT]
      : [
          { name: probe, type: 'A' },
          { name: probe, type: 'AAAA' },
        ];
  const answers = await host.askDns(server, questions);
  if (answers.some((answer) => answer.is === 'answer' && answer.records.length > 0)) return undefined;
  const failed = answers.find((answer) => answer.is === 'no answer');
  return failed?.is === 'no answer'
    ? `${server} does not answer: ${failed.code}`
    : `${server} does not know ${probe ?? 'the root of the DNS'}`;
};

const prove = async (host: Host, { nameservers, probe }: ResolverOp): Promise<void> => {
  const reasons: string[] = [];
  for (const server of nameservers) {
    const reason = await knows(host, server, probe);
    if (reason !== undefined) reasons.push(reason);
  }
  if (reasons.length === 0) return;
  const hint =
    probe === undefined && nameservers.includes(LOOPBACK)
      ? '. Declare a `probe` that it knows, if it asks no others'
      : '';
  throw new Error(`${reasons.join('; ')}${hint}`);
};

/** As every program of this host does it. */
const resolveProbe = async (host: Host, probe: string | undefined): Promise<void> => {
  if (probe === undefined) return;
  const { code } = await host.run({ program: 'getent', args: ['ahosts', probe], okCodes: [0, 2] });
  if (code !== 0) throw new Error(`${probe} is not resolved by way of ${PATH} (getent ahosts ${probe})`);
};

interface Old {
  readonly content: Buffer;
  readonly meta: FileMeta;
}

const oldOf = (host: Host): Old | undefined => {
  const content = host.readFile(PATH);
  const info = host.lstat(PATH);
  if (content === undefined || info === undefined) return undefined;
  const { mode, uid, gid } = info;
  return { content, meta: { mode, uid, gid } };
};

/** The old one stays until each server has answered, and comes back if names are not resolved with the new one. */
export const converge = async (op: ResolverOp, host: Host): Promise<void> => {
  try {
    await prove(host, op);
  } catch (error) {
    throw new Error(`${PATH} was left as it is: ${reasonOf(error)}`, { cause: error });
  }
  if (op.replacesLink) host.removeFile(PATH);
  const old = oldOf(host);
  await host.writeFile(PATH, op.text, old?.meta ?? READABLE);
  try {
    await prove(host, op);
    await resolveProbe(host, op.probe);
  } catch (error) {
    if (old !== undefined) await host.writeFile(PATH, old.content, old.meta);
    throw new Error(`${PATH} is as it was before: ${reasonOf(error)}`, { cause: error });
  }
};
