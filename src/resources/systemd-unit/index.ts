import { defineResource, refOf, type Ref } from '../../engine/resource-type.ts';
import type { HostReader } from '../../host/host.ts';
import { converge } from './converge.ts';
import { diff } from './diff.ts';
import { filesOf, FOLDER, unmarked } from './files.ts';
import { read } from './read.ts';
import { desired, ops, type Desired } from './schema.ts';
import { convergeTogether } from './together.ts';

/** What a timer, socket or path starts; and the template of an instance. */
const needs = (name: string): Ref[] => {
  const [, stem = '', suffix = ''] = /^(.*)\.(\w+)$/.exec(name) ?? [];
  const template = /^[^@]+@(?=[^.])/.exec(stem);
  return [
    ...(['timer', 'socket', 'path'].includes(suffix) ? [refOf('SystemdUnit', `${stem}.service`)] : []),
    ...(template ? [refOf('SystemdUnit', `${template[0]}.${suffix}`)] : []),
  ];
};

/** What only root may read may have a secret in it. */
const contentOf = (host: HostReader, name: string): string | undefined => {
  const path = `${FOLDER}/${name}`;
  const info = host.lstat(path);
  const isPublic = info?.type === 'file' && (info.mode & 0o004) !== 0;
  return isPublic ? host.readFile(path)?.toString() : undefined;
};

const isUnitFile = (name: string): boolean => desired.shape.name.safeParse(name).success;

export default defineResource({
  kind: 'SystemdUnit',
  summary:
    'A unit of systemd: its file and drop-ins in /etc/systemd/system, whether it is enabled and whether it runs. Never ' +
    'touches files and drop-ins of others, and never restarts ssh, networking, the cluster or guests by itself.',
  desired,
  ops,
  examples: [
    { name: 'chrony.service', enabled: 'enabled', state: 'started' },
    {
      name: 'backup.service',
      content: '[Service]\nType=oneshot\nExecStart=/usr/local/sbin/backup\n',
      dropins: { '10-quiet.conf': '[Service]\nNice=10\n' },
    },
    { name: 'e2scrub_all.timer', enabled: 'masked', state: 'stopped' },
    { name: 'old.service', ensure: 'absent' },
  ],

  key: (want: Desired) => want.name,
  requires: (want: Desired) => needs(want.name),
  owns: (want: Desired) => [
    `unit:${want.name}`,
    ...Object.keys(filesOf(want)).map((file) => `path:${FOLDER}/${file}`),
  ],

  read,
  diff,
  converge,
  convergeTogether,
  takesBackTogether: true,

  list(host) {
    const names = (host.readDirectory(FOLDER) ?? []).filter(isUnitFile);
    return Promise.resolve(
      names.flatMap((name) => {
        const content = contentOf(host, name);
        return content ? [{ name, content: unmarked(name, content) }] : [];
      }),
    );
  },
});
