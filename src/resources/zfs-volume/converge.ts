import type { Host } from '../../host/host.ts';
import { optionArgs, setCommands, zfs } from '../../facts/zfs-settings.ts';
import { datasetsFor } from '../../facts/zfs-asked.ts';
import type { VolumeOp } from './schema.ts';

type OpNamed<Name extends VolumeOp['op']> = Extract<VolumeOp, { op: Name }>;

const create = async (op: OpNamed<'create'>, host: Host): Promise<void> => {
  const { name, size, sparse, properties, parents } = op;
  const flags = [...(parents ? ['-p'] : []), ...(sparse ? ['-s'] : [])];
  await host.run(zfs('create', ...flags, '-V', size, ...optionArgs(properties), name));
};

/** zfs set would shrink it without a question: so it is looked at once more. */
const grow = async ({ name, size }: OpNamed<'grow'>, host: Host): Promise<void> => {
  const now = (await datasetsFor(host, [])).get(name)?.['volsize']?.value;
  if (now === undefined || BigInt(now) > BigInt(size))
    throw new Error(`${name}: expected a volume of less than ${size} bytes, found ${now ?? 'none'}`);
  await host.run(zfs('set', `volsize=${size}`, name));
};

export const converge = async (op: VolumeOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'create':
      await create(op, host);
      return;
    case 'grow':
      await grow(op, host);
      return;
    case 'set':
      for (const command of setCommands(op)) await host.run(command);
      return;
    case 'destroy':
      await host.run(zfs('destroy', op.name));
      return;
  }
};
