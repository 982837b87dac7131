import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { convergeOwnFile, diffOwnFile, readOwnFile, type OwnFile } from '../../facts/own-file.ts';
import { parentRefs } from '../../facts/paths.ts';
import { writeChecked } from './check.ts';
import { render } from './render.ts';
import { desired, ops, pathOf } from './schema.ts';

export default defineResource({
  kind: 'LogRotate',
  summary:
    'How logs are rotated, in a file of its own in /etc/logrotate.d, checked by logrotate before it is live and beside all the others after. Never touches the files of packages.',
  desired,
  ops,
  examples: [
    { name: 'backup', paths: ['/var/log/backup/*.log'], frequency: 'daily', rotate: 14, maxSize: '100M' },
    {
      name: 'myapp',
      paths: ['/var/log/myapp.log'],
      create: { mode: '0640', owner: 'myapp', group: 'adm' },
      postRotate: ['systemctl kill --signal=HUP myapp.service'],
    },
    { name: 'old-app', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: (want) =>
    want.ensure === 'absent'
      ? []
      : [
          refOf('AptPackage', 'logrotate'),
          ...parentRefs(pathOf(want.name)),
          ...[want.create?.owner, want.su?.user].flatMap((name) => (name ? [refOf('UnixUser', name)] : [])),
          ...[want.create?.group, want.su?.group].flatMap((name) => (name ? [refOf('UnixGroup', name)] : [])),
        ],
  owns: (want) => [`path:${pathOf(want.name)}`],

  read: (host, all) =>
    readEach(
      all,
      (want) => want.name,
      (want) => {
        const found = readOwnFile(host, pathOf(want.name));
        return found === undefined ? absent : present<OwnFile>(found);
      },
    ),

  diff: (want, actual) =>
    diffOwnFile(
      {
        path: pathOf(want.name),
        text: want.ensure === 'absent' ? undefined : render(want),
        risk: 'safe',
      },
      actual.is === 'present' ? actual.value : undefined,
    ),

  async converge(op, host) {
    const act = (): Promise<void> => convergeOwnFile(op, host);
    if (op.op === 'write') await writeChecked(host, op.path, op.text, act);
    else await act();
  },
});
