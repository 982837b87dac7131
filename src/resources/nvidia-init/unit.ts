/** The unit that makes the device nodes, before any guest that has them starts. */
import { OURS, type Desired } from './schema.ts';

export const UNIT_PATH = `/etc/systemd/system/${OURS}`;

/** Whatever starts guests: containers bind the nodes when they start, and go without what is not there. */
const BEFORE =
  'pve-guests.service lxc.service libvirtd.service docker.service podman.service nvidia-persistenced.service';

/** nvidia-modprobe(1): `-c N` loads the driver and makes the node of card N; `-u` does so for unified memory instead. */
const commands = ({ uvm, persistence }: Desired, cards: number, hasDaemon: boolean): string[] => {
  const numbers = Array.from({ length: Math.max(1, cards) }, (_, number) => `-c ${number}`).join(' ');
  return [
    `/usr/bin/nvidia-modprobe ${numbers}`,
    ...(uvm ? [`/usr/bin/nvidia-modprobe -u ${numbers}`] : []),
    ...(persistence && !hasDaemon ? ['/usr/bin/nvidia-smi -pm 1'] : []),
    '/usr/bin/nvidia-smi -L',
  ];
};

/** A card that was taken out is no failure of the boot. */
const CONDITION = `/bin/sh -c 'grep -qsx 0x10de /sys/bus/pci/devices/*/vendor'`;

export const unitText = (
  want: Desired,
  cards: number,
  hasDaemon: boolean,
): string => `# managed by phoenix: NvidiaInit[host]
[Unit]
Description=Device nodes of the NVIDIA graphics cards, before guests start
After=systemd-modules-load.service
Before=${BEFORE}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecCondition=${CONDITION}
${commands(want, cards, hasDaemon)
  .map((line) => `ExecStart=${line}`)
  .join('\n')}

[Install]
WantedBy=multi-user.target
`;

/** Of as many cards as the driver has. */
export const nodesOf = ({ uvm }: Desired, cards: number): string[] => [
  '/dev/nvidiactl',
  ...Array.from({ length: cards }, (_, number) => `/dev/nvidia${number}`),
  ...(uvm ? ['/dev/nvidia-uvm'] : []),
];
