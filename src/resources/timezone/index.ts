import { posix } from 'node:path';
import { z } from 'zod';
import type { Action, Refusal, Undo } from '../../engine/action.ts';
import { present, readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import type { HostReader } from '../../host/host.ts';

const LOCALTIME = '/etc/localtime';
/** What Debian 12 has besides, and Debian 13 has not (tzdata 2024b). Where it is, programs read it. */
const TIMEZONE = '/etc/timezone';
const ZONEINFO = '/usr/share/zoneinfo';

const desired = z.strictObject({
  zone: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/,
      'expected a time zone, such as Europe/Berlin',
    )
    .meta({
      description:
        'name of the zone below /usr/share/zoneinfo: Europe/Berlin, Etc/UTC; aliases are not resolved',
    }),
});

const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('set'), zone: z.string(), displace: z.boolean() }),
]);

type Desired = z.output<typeof desired>;
type TimezoneOp = z.output<typeof ops>;

interface Actual {
  /** By the link /etc/localtime; undefined if that leads elsewhere, is a file, or is not there (which means UTC). */
  readonly zone?: string;
  readonly localtime: string;
  /** By /etc/timezone, where that exists. */
  readonly timezone?: string;
  /** The declared zone is there to be linked to. */
  readonly known: boolean;
}

/** Some zones are links to others; `localtime` is one back to /etc/localtime, and no zone. */
const isZone = (host: HostReader, zone: string): boolean => {
  let path = posix.join(ZONEINFO, zone);
  for (let hops = 0; hops < 4 && path.startsWith(`${ZONEINFO}/`); hops++) {
    const info = host.lstat(path);
    if (info?.target === undefined) return info?.type === 'file';
    path = posix.resolve(posix.dirname(path), info.target);
  }
  return false;
};

/** The link is absolute after installation and relative after timedatectl: both are in sync. */
const zoneOf = (target: string | undefined): string | undefined => {
  if (target === undefined) return undefined;
  const path = posix.resolve('/etc', target);
  return path.startsWith(`${ZONEINFO}/`) ? path.slice(ZONEINFO.length + 1) : undefined;
};

const readZone = (host: HostReader, wanted: string): Actual => {
  const info = host.lstat(LOCALTIME);
  const zone = zoneOf(info?.target);
  const timezone = host.readFile(TIMEZONE)?.toString().trim();
  return {
    ...(zone === undefined ? {} : { zone }),
    localtime: info === undefined ? 'absent' : (info.target ?? info.type),
    ...(timezone === undefined ? {} : { timezone }),
    known: isZone(host, wanted),
  };
};

const unknownZone = (want: Desired, found: Actual): Refusal => ({
  refuses:
    `there is no time zone ${want.zone} in ${ZONEINFO}; check the name, or install the package that has it` +
    ' (tzdata, or tzdata-legacy for names such as US/Eastern since Debian 13)',
  changes: [{ path: 'zone', from: found.zone ?? found.localtime, to: want.zone }],
});

const undoOf = (found: Actual): Undo<TimezoneOp> =>
  found.zone === undefined
    ? { none: `${LOCALTIME} was ${found.localtime} before; a file is kept in the backup` }
    : { by: { op: 'set', zone: found.zone, displace: false } };

const set = (want: Desired, found: Actual): Action<TimezoneOp> => ({
  does: { op: 'set', zone: want.zone, displace: found.localtime === 'file' },
  description: `set the time zone to ${want.zone}; running services keep ${found.zone ?? 'theirs'} until they restart`,
  risk: 'safe',
  changes: [
    ...(found.zone === want.zone
      ? []
      : [{ path: LOCALTIME, from: found.zone ?? found.localtime, to: want.zone }]),
    ...(found.timezone === undefined || found.timezone === want.zone
      ? []
      : [{ path: TIMEZONE, from: found.timezone, to: want.zone }]),
  ],
  undo: undoOf(found),
});

export default defineResource({
  kind: 'Timezone',
  summary:
    'The time zone of the host. Does not restart services, which keep the old zone until they do, and never touches the clock.',
  desired,
  ops,
  examples: [{ zone: 'America/New_York' }],

  key: () => 'system',
  requires: () => [refOf('AptPackage', 'tzdata'), refOf('AptPackage', 'tzdata-legacy')],
  owns: () => [`path:${LOCALTIME}`, `path:${TIMEZONE}`],

  // Not `timedatectl show`: its daemon answers with the old zone for a while (systemd 257).
  read: (host, all) =>
    readEach(
      all,
      () => 'system',
      (want) => present<Actual>(readZone(host, want.zone)),
    ),

  diff(want, actual) {
    const found: Actual = actual.is === 'present' ? actual.value : { localtime: 'absent', known: true };
    if (found.zone === want.zone && (found.timezone === undefined || found.timezone === want.zone)) return [];
    return [found.known ? set(want, found) : unknownZone(want, found)];
  },

  /**
   * The link itself, which is all that `timedatectl set-timezone` makes: it needs D-Bus and a daemon, and leaves
   * /etc/timezone as it was on Debian 12 (systemd 252).
   */
  async converge(op, host) {
    host.symlink(`${ZONEINFO}/${op.zone}`, LOCALTIME, { displace: op.displace });
    const meta = host.lstat(TIMEZONE);
    if (meta === undefined) return;
    const { mode, uid, gid } = meta;
    await host.writeFile(TIMEZONE, `${op.zone}\n`, { mode, uid, gid });
  },

  list(host) {
    const { zone } = readZone(host, 'Etc/UTC');
    return Promise.resolve(zone === undefined ? [] : [{ zone }]);
  },
});
