import { z } from 'zod';

export const desired = z.strictObject({
  level: z.enum(['security', 'full']).meta({
    description:
      'security: what the security archive of Debian has; full: everything, as `apt-get full-upgrade`',
  }),
  kernel: z
    .boolean()
    .default(false)
    .meta({ description: 'upgrade kernels, too, which take effect at the next boot' }),
  except: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/, 'expected a Debian package name'))
    .default([])
    .meta({ description: 'packages that stay at their version; those that apt holds stay anyway' }),
});
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('upgrade'),
    packages: z.array(z.strictObject({ name: z.string(), version: z.string() })),
    /** What may go for it. */
    removes: z.array(z.string()),
    kernel: z.boolean(),
    except: z.array(z.string()),
  }),
]);
export type UpgradeOp = z.output<typeof ops>;

/** Of Debian and of Proxmox VE: images, and what is built for one of them. */
const KERNEL =
  /^(?:linux-(?:image|headers|modules|kbuild)-|(?:proxmox|pve)-(?:default-)?(?:kernel|headers)(?:-|$))/;

export const isKernel = (name: string): boolean => KERNEL.test(name);
