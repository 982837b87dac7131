/** `initial.ntp`: chrony, and nothing else that sets the clock. */
import type { z } from 'zod';
import { refOf } from '../engine/resource-type.ts';
import type ntpServer from '../resources/ntp-server/index.ts';
import { said, type Entry } from './step.ts';

/** Debian lets only one of them be installed: they provide `time-daemon` and conflict with it. */
const RIVALS = ['systemd-timesyncd', 'ntp', 'ntpsec', 'openntpd'];

const packageEntry = (name: string, fields: object): Entry => ({
  kind: 'AptPackage',
  desired: { name, ...fields },
  at: ['ntp'],
  inPassing: true,
});

/** In one transaction, so that the host is never without: apt removes the one as it installs the other. */
export const ntpEntries = (section: z.output<typeof ntpServer.desired> | undefined): Entry[] => {
  if (section === undefined) return [];
  const own: Entry = { kind: 'NtpServer', desired: said({ ...section }), at: ['ntp'] };
  if (section.ensure === 'absent') return [own];
  return [
    packageEntry('chrony', {}),
    ...RIVALS.map((name) => packageEntry(name, { ensure: 'absent' })),
    own,
    {
      kind: 'SystemdUnit',
      desired: { name: 'chrony.service', enabled: 'enabled', state: 'started' },
      at: ['ntp'],
      requires: [refOf('NtpServer', 'system')],
      inPassing: true,
    },
  ];
};
