import { z } from 'zod';
import type { CommandFact } from '../host/host.ts';

const text = z.string().nullable();
/** Columns that util-linux 2.38 has too; numbers and booleans as `-J -b` gives them. */
const device = z.object({
  name: z.string(),
  path: z.string(),
  /** disk, part, lvm, crypt, raid1, mpath, loop, rom… */
  type: z.string(),
  size: z.number(),
  fstype: text,
  pttype: text,
  parttype: text,
  label: text,
  uuid: text,
  partuuid: text,
  serial: text,
  wwn: text,
  model: text,
  ro: z.boolean(),
  mountpoints: z.array(text),
  /** Partitions, and what is assembled from it. */
  get children() {
    return z.array(device).default([]);
  },
});
export type BlockNode = z.output<typeof device>;

const COLUMNS = [
  'NAME,PATH,TYPE,SIZE,FSTYPE,PTTYPE,PARTTYPE,LABEL,UUID,PARTUUID',
  'SERIAL,WWN,MODEL,RO,MOUNTPOINTS',
].join(',');

/** Every block device, as a tree of what is built on what (lsblk(8)). Empty where there is no lsblk. */
export const blockDevices: CommandFact<readonly BlockNode[]> = {
  name: 'lsblk',
  command: { program: 'lsblk', args: ['-J', '-b', '-o', COLUMNS], maxOutput: 16 * 1024 * 1024 },
  absent: [],
  parse: (stdout) => z.object({ blockdevices: z.array(device) }).parse(JSON.parse(stdout)).blockdevices,
};

/** A device and all that is on it. */
export const withDescendants = (node: BlockNode): BlockNode[] => [
  node,
  ...node.children.flatMap(withDescendants),
];
