import type { Host } from '../../host/host.ts';
import type { SecretRef } from '../../host/secret-ref.ts';
import { datasetsFor } from '../../facts/zfs-asked.ts';
import { poolOf } from '../../facts/zfs-names.ts';
import { optionArgs, setCommands, zfs } from '../../facts/zfs-settings.ts';
import type { DatasetOp } from './schema.ts';

type OpNamed<Name extends DatasetOp['op']> = Extract<DatasetOp, { op: Name }>;

/** zfs reads a key from standard input where that is no terminal (zfs-load-key(8)). */
const inputOf = (host: Host, key: SecretRef | undefined) =>
  key === undefined ? {} : { input: host.secret(key) };

const create = async (op: OpNamed<'create'>, host: Host): Promise<void> => {
  const { name, properties, parents, mount, key } = op;
  const prompt = key === undefined ? {} : { keylocation: 'prompt' };
  const args = [
    ...(parents ? ['-p'] : []),
    ...(mount ? [] : ['-u']),
    ...optionArgs({ ...properties, ...prompt }),
    name,
  ];
  await host.run({ ...zfs('create', ...args), ...inputOf(host, key) });
};

/** Whatever the dataset says of the key's place: this is the one that was declared. */
const loadKey = async ({ name, key }: OpNamed<'load-key'>, host: Host): Promise<void> => {
  const from = key === undefined ? [] : ['-L', 'prompt'];
  await host.run({ ...zfs('load-key', ...from, name), ...inputOf(host, key) });
};

/** zfs set of a mountpoint may have done it already, and then it is an error. */
const setMounted = async (op: OpNamed<'mount' | 'unmount'>, host: Host): Promise<void> => {
  const settings = (await datasetsFor(host, [])).get(op.name);
  const wanted = op.op === 'mount' ? 'yes' : 'no';
  if (settings?.['mounted']?.value !== wanted) await host.run(zfs(op.op, op.name));
};

const awaitPool = async ({ name }: OpNamed<'await-pool'>, host: Host): Promise<void> => {
  if ((await datasetsFor(host, [])).has(name)) return;
  const pool = poolOf(name);
  throw new Error(`pool ${pool} is not imported; declare ZfsPool[${pool}], or run zpool import ${pool}`);
};

export const converge = async (op: DatasetOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'create':
      await create(op, host);
      return;
    case 'await-pool':
      await awaitPool(op, host);
      return;
    case 'set':
      for (const command of setCommands(op)) await host.run(command);
      return;
    case 'load-key':
      await loadKey(op, host);
      return;
    case 'mount':
    case 'unmount':
      await setMounted(op, host);
      return;
    case 'unload-key':
    case 'destroy':
      await host.run(zfs(op.op, op.name));
      return;
  }
};
