import { defineStep, notAvailable } from './step.ts';

const later = (number: number, name: string, section: string, what: string) =>
  defineStep({ number, name, section, schema: notAvailable(what), resources: () => [] });

/** Steps whose kinds are not built yet: their place is kept, and their section is refused. */
export const nvidia = later(7, 'nvidia-driver', 'nvidia', 'the NVIDIA driver');
