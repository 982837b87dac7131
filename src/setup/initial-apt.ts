/** `initial.apt`: where packages come from, and which. */
import { z } from 'zod';
import aptKey from '../resources/apt-key/index.ts';
import aptLists from '../resources/apt-lists/index.ts';
import aptPackage from '../resources/apt-package/index.ts';
import aptSource from '../resources/apt-source/index.ts';
import aptUpgrade from '../resources/apt-upgrade/index.ts';
import { said, type Entry } from './step.ts';

/** pve-enterprise and Ceph's: both are below it (pve-docs, pve-package-repos). */
const ENTERPRISE = 'https://enterprise.proxmox.com/debian';

export const apt = z.strictObject({
  keys: z
    .array(aptKey.desired)
    .default([])
    .meta({ description: 'keys that sign sources, each with its fingerprint' }),
  sources: z
    .array(aptSource.desired)
    .default([])
    .meta({ description: 'sources of packages, each in a file of its own' }),
  enterprise: z.boolean().optional().meta({
    description:
      'whether the enterprise sources of Proxmox are used, which need a subscription; left alone if not said',
  }),
  packages: z
    .array(z.union([aptPackage.desired.shape.name, z.strictObject(aptPackage.desired.shape)]))
    .default([])
    .meta({ description: 'packages: a name, or an AptPackage' }),
  upgrade: z.enum(['none', 'security', 'full']).default('none').meta({
    description: 'whether installed packages are upgraded; those with a declared version never are',
  }),
  upgradeKernel: aptUpgrade.desired.shape.kernel,
  listsMaxAge: aptLists.desired.shape.maxAge
    .unwrap()
    .optional()
    .meta({ description: 'how old the package lists may be; 1d if there are upgrades, else not looked at' }),
});
export type Apt = z.output<typeof apt>;

type Kept = { readonly ensure: 'present' | 'absent' };

const listOf = (kind: string, list: string, all: readonly Kept[], ensure: Kept['ensure']): Entry[] =>
  all.flatMap((desired, index) =>
    desired.ensure === ensure ? [{ kind, desired: said({ ...desired }), at: ['apt', list, index] }] : [],
  );

const enterpriseEntries = ({ enterprise }: Apt): Entry[] =>
  enterprise === undefined
    ? []
    : [
        {
          kind: 'AptSourceSwitch',
          desired: { uri: ENTERPRISE, enabled: enterprise },
          at: ['apt', 'enterprise'],
        },
      ];

const packageEntries = ({ packages }: Apt): Entry[] =>
  packages.map((one, index) => ({
    kind: 'AptPackage',
    desired: typeof one === 'string' ? { name: one } : said(one),
    at: ['apt', 'packages', index],
  }));

/** Without them the lists are fetched when a package is wanted that they do not have. */
const listsEntries = ({ upgrade, listsMaxAge }: Apt): Entry[] =>
  upgrade === 'none' && listsMaxAge === undefined
    ? []
    : [{ kind: 'AptLists', desired: said({ maxAge: listsMaxAge }), at: ['apt', 'listsMaxAge'] }];

const upgradeEntries = ({ upgrade, upgradeKernel, packages }: Apt): Entry[] => {
  if (upgrade === 'none') return [];
  const except = packages.flatMap((one) =>
    typeof one === 'object' && one.version !== undefined ? [one.name] : [],
  );
  return [
    {
      kind: 'AptUpgrade',
      desired: { level: upgrade, kernel: upgradeKernel, except },
      at: ['apt', 'upgrade'],
    },
  ];
};

/** What goes makes room for what comes, and a key goes after the sources that name it. */
export const aptEntries = (section: Apt | undefined): Entry[] =>
  section === undefined
    ? []
    : [
        ...listOf('AptSource', 'sources', section.sources, 'absent'),
        ...listOf('AptKey', 'keys', section.keys, 'absent'),
        ...enterpriseEntries(section),
        ...listOf('AptKey', 'keys', section.keys, 'present'),
        ...listOf('AptSource', 'sources', section.sources, 'present'),
        ...listsEntries(section),
        ...packageEntries(section),
        ...upgradeEntries(section),
      ];
