/** The commands by name. Each is loaded when it is asked for; nothing is searched for on the disk. */
import type { Command } from '@oclif/core';

export type CommandClass = Command.Class;

export const COMMANDS: Readonly<Record<string, () => Promise<CommandClass>>> = {
  setup: async () => (await import('./setup.ts')).default,
  validate: async () => (await import('./validate.ts')).default,
  show: async () => (await import('./show.ts')).default,
  adopt: async () => (await import('./adopt.ts')).default,
  import: async () => (await import('./import.ts')).default,
  explain: async () => (await import('./explain.ts')).default,
  history: async () => (await import('./history.ts')).default,
  report: async () => (await import('./report.ts')).default,
  rollback: async () => (await import('./rollback.ts')).default,
  schedule: async () => (await import('./schedule.ts')).default,
  pause: async () => (await import('./pause.ts')).default,
  resume: async () => (await import('./resume.ts')).default,
  confirm: async () => (await import('./confirm.ts')).default,
  'way-back': async () => (await import('./way-back.ts')).default,
};

/** Started by systemd, never by a person. */
const FOR_SYSTEMD: ReadonlySet<string> = new Set(['way-back']);

export const FOR_PEOPLE = Object.keys(COMMANDS).filter((id) => !FOR_SYSTEMD.has(id));
