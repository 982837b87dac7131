import { defineStep, notAvailable } from './step.ts';

const later = (number: number, name: string, section: string, what: string) =>
  defineStep({ number, name, section, schema: notAvailable(what), resources: () => [] });

/** Steps whose kinds are not built yet: their place is kept, and their sections are refused. */
export const vfio = later(6, 'vfio', 'vfio', 'VFIO');
export const nvidia = later(7, 'nvidia-driver', 'nvidia', 'the NVIDIA driver');
