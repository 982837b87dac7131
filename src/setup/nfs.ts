import { z } from 'zod';
import { refOf } from '../engine/resource-type.ts';
import { ONLY_FOR_V3 } from '../facts/nfsd.ts';
import nfsExport from '../resources/nfs-export/index.ts';
import nfsReady from '../resources/nfs-ready/index.ts';
import nfsServer from '../resources/nfs-server/index.ts';
import { defineStep, entriesOf, said, type Entry } from './step.ts';

const server = nfsServer.desired.shape;

const V4 = ['4.0', '4.1', '4.2'] as const;

const schema = z
  .strictObject({
    server: z
      .strictObject({ versions: server.versions, threads: server.threads, ports: server.ports })
      .prefault({})
      .meta({ description: 'settings of the server, as in NfsServer' }),
    v4Only: z.boolean().default(false).meta({
      description:
        'serve NFSv4 alone, and mask rpcbind and statd, which only NFSv3 needs; without it they are unmasked again',
    }),
    exports: z
      .array(nfsExport.desired)
      .default([])
      .meta({ description: 'what is exported, as in NfsExport' }),
    readyTimeout: nfsReady.desired.shape.timeout.meta({
      description: 'how long step nfs-ready waits until every export is offered',
    }),
  })
  .refine((one) => !one.v4Only || !(one.server.versions ?? []).includes('3'), {
    path: ['v4Only'],
    error: "expected either `v4Only: true` or '3' among the versions",
  })
  .optional()
  .meta({ description: 'the NFS server and what it exports' });
type Nfs = NonNullable<z.output<typeof schema>>;

const unit = (name: string, desired: object): Entry => ({
  kind: 'SystemdUnit',
  desired: { name, ...desired },
  at: ['server'],
  inPassing: true,
});

const started = (name: string): Entry => unit(name, { enabled: 'enabled', state: 'started' });

/** Before the server: with NFSv3 it does not start without rpcbind, and what is masked would not come with it. */
const unitsBefore = ({ v4Only, server: { versions } }: Nfs): Entry[] =>
  v4Only || !versions?.includes('3')
    ? []
    : [
        unit('rpcbind.service', { enabled: 'enabled' }),
        started('rpcbind.socket'),
        started('rpc-statd.service'),
      ];

/** After the server, which has let go of them. */
const unitsAfter = ({ v4Only }: Nfs): Entry[] =>
  v4Only ? ONLY_FOR_V3.map((name) => unit(name, { enabled: 'masked', state: 'stopped' })) : [];

/** Where the directory is declared, it and what it needs comes before its export; nothing is made that is not. */
const exportEntries = ({ exports }: Nfs): Entry[] =>
  entriesOf('NfsExport', 'exports', exports).map((entry, index) => ({
    ...entry,
    needs: [refOf('Directory', exports[index]?.path ?? '')],
  }));

const serverEntry = (section: Nfs): Entry => ({
  kind: 'NfsServer',
  desired: said({
    ...section.server,
    ...(section.v4Only && !section.server.versions ? { versions: V4 } : {}),
  }),
  at: ['server'],
});

const entries = (section: Nfs | undefined): Entry[] =>
  section === undefined
    ? []
    : [
        { kind: 'AptPackage', desired: { name: 'nfs-kernel-server' }, at: [], inPassing: true },
        ...unitsBefore(section),
        serverEntry(section),
        ...unitsAfter(section),
        started('nfs-server.service'),
        ...exportEntries(section),
      ];

const readyEntries = (section: Nfs | undefined): Entry[] => {
  const present = (section?.exports ?? []).filter(({ ensure }) => ensure === 'present');
  if (section === undefined || present.length === 0) return [];
  const exports = present.map(({ path, clients }) => ({ path, clients: clients.map(({ host }) => host) }));
  return [{ kind: 'NfsReady', desired: { exports, timeout: section.readyTimeout }, at: ['readyTimeout'] }];
};

/** Two steps of one section. */
const section = { section: 'nfs', schema } as const;

export const nfs = defineStep({ number: 4, name: 'nfs', ...section, resources: entries });
export const ready = defineStep({ number: 5, name: 'nfs-ready', ...section, resources: readyEntries });
