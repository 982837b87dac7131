/** A manifest of all the shapes that schemas have; not phoenix's own, so that its growth breaks no test here. */
import { z } from 'zod';
import { secretRef } from '../../src/host/secret-ref.ts';

const absolute = z.string().regex(/^\//, 'expected an absolute path');
const mode = z.string().regex(/^0?[0-7]{3,4}$/, "expected a mode such as '0750'");

const vdev = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('mirror'), disks: z.array(absolute).min(2) }),
  z.strictObject({ type: z.literal('stripe'), disks: z.array(absolute).min(1) }),
]);

const driver = z.union([
  z.strictObject({ source: z.literal('package'), version: z.string() }),
  z.strictObject({
    source: z.literal('runfile'),
    version: z.string(),
    url: z.url(),
    sha256: z.string().length(64),
  }),
]);

const symlink = z.strictObject({
  path: absolute,
  target: z.string().min(1),
  ensure: z.enum(['present', 'absent']).default('present'),
});

const resource = z
  .strictObject({
    Symlink: symlink.optional(),
    Directory: z.strictObject({ path: absolute, mode }).optional(),
  })
  .refine((entry) => Object.keys(entry).length === 1, 'expected exactly one kind in an entry');

export const sampleSchema = z.strictObject({
  version: z.literal(1),
  initial: z
    .strictObject({
      hostname: z.string().optional(),
      timezone: z.string().optional(),
      ntp: z.strictObject({ enabled: z.boolean().default(true), servers: z.array(z.string()) }).optional(),
      sysctl: z.record(z.string().regex(/^[a-z][\w.]*$/), z.union([z.string(), z.number()])).optional(),
      upgrade: z.enum(['none', 'security', 'full']).default('none'),
      address: z.union([z.literal('dhcp'), z.cidrv4(), z.cidrv6()]).optional(),
      port: z.int().min(1).max(65535).optional(),
      limit: z.number().positive().optional(),
    })
    .optional(),
  zfs: z
    .strictObject({
      pools: z
        .array(
          z.strictObject({
            name: z.string(),
            vdevs: z.array(vdev),
            properties: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
          }),
        )
        .default([]),
    })
    .optional(),
  driver: driver.optional(),
  users: z
    .array(
      z.strictObject({
        name: z.string(),
        shell: absolute.default('/bin/sh'),
        password: secretRef.optional(),
      }),
    )
    .optional(),
  directories: z
    .array(z.strictObject({ path: absolute, mode, owner: z.string().default('root') }))
    .optional(),
  resources: z.array(resource).optional(),
  schedule: z.never({ error: 'schedule is not available in this version' }).optional(),
});
