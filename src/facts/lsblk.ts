import { z } from 'zod';
import type { CommandFact } from '../host/host.ts';

/** A block device with the columns that util-linux 2.38 has too. */
export interface BlockNode {
  readonly name: string;
  readonly path: string;
  /** disk, part, lvm, crypt, raid1, mpath, loop, rom… */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  readonly fstype: string | null;
  readonly pttype: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  readonly partuuid: string | null;
  readonly serial: string | null;
  readonly wwn: string | null;
  readonly model: string | null;
  readonly ro: boolean;
  readonly mountpoints: readonly (string | null)[];
  /** Partitions, and what is assembled from it. */
  readonly children: readonly BlockNode[];
}

const text = z.string().nullable();
const device: z.ZodType<BlockNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    path: z.string(),
    type: z.string(),
    size: z.number(),
    fstype: text,
    pttype: text,
    label: text,
    uuid: text,
    partuuid: text,
    serial: text,
    wwn: text,
    model: text,
    ro: z.boolean(),
    mountpoints: z.array(text),
    children: z.array(device).default([]),
  }),
);

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
