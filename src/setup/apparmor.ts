import { z } from 'zod';
import { refOf } from '../engine/resource-type.ts';
import { DROP_INS } from '../facts/apparmor/drop-ins.ts';
import appArmorProfile from '../resources/app-armor-profile/index.ts';
import appArmorTunable from '../resources/app-armor-tunable/index.ts';
import { defineStep, entriesOf, type Entry } from './step.ts';

const parser: Entry = { kind: 'AptPackage', desired: { name: 'apparmor' }, at: [], inPassing: true };

/** It loads the folder at boot; what it has loaded stays when it stops, so whether it runs says nothing. */
const atBoot: Entry = {
  kind: 'SystemdUnit',
  desired: { name: 'apparmor.service', enabled: 'enabled' },
  at: [],
  requires: [refOf('AptPackage', 'apparmor')],
  inPassing: true,
};

/** A profile is not parsed without the variables that it names: so declared tunables come before. */
const tunables = DROP_INS.map((name) => refOf('AppArmorTunable', name));

export const apparmor = defineStep({
  number: 14,
  name: 'apparmor',
  section: 'apparmor',
  schema: z
    .strictObject({
      profiles: z
        .array(appArmorProfile.desired)
        .default([])
        .meta({ description: 'files of profiles, each with its mode' }),
    })
    .optional()
    .meta({ description: 'AppArmor profiles' }),
  resources: (section) =>
    section === undefined
      ? []
      : [
          parser,
          atBoot,
          ...entriesOf('AppArmorProfile', 'profiles', section.profiles).map((entry) => ({
            ...entry,
            needs: tunables,
          })),
        ],
});

const { append } = appArmorTunable.desired.shape;

const tunablesSchema = z
  .strictObject({
    homedirs: append.unwrap().valueType.optional().meta({
      description:
        'directories with homes in them, besides those of the package: drop-in home.d, @{HOMEDIRS}',
    }),
    dropIns: z
      .array(appArmorTunable.desired)
      .default([])
      .meta({ description: 'drop-ins for the packaged tunables, as in AppArmorTunable' }),
  })
  .optional()
  .meta({ description: 'variables and aliases that AppArmor profiles share' });
type Tunables = NonNullable<z.output<typeof tunablesSchema>>;

/** What the package has already need not be said again, and may be. */
const homes = ({ homedirs = [] }: Tunables): Entry[] => {
  const besides = homedirs.filter((path) => path !== '/home/');
  if (besides.length === 0) return [];
  return [
    { kind: 'AppArmorTunable', desired: { name: 'home', append: { HOMEDIRS: besides } }, at: ['homedirs'] },
  ];
};

export const apparmorTunables = defineStep({
  number: 15,
  name: 'apparmor-tunables',
  section: 'apparmorTunables',
  schema: tunablesSchema,
  resources: (section) =>
    section === undefined
      ? []
      : [parser, ...homes(section), ...entriesOf('AppArmorTunable', 'dropIns', section.dropIns)],
});
