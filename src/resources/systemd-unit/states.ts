/** What counts as enabled, masked or running: systemctl(1), "is-enabled", and systemd.service(5). */
import type { UnitState } from './facts.ts';
import type { Desired } from './schema.ts';

/** Nothing to enable: no [Install], or another unit's; or the name is one that a generator or an alias gave it. */
const ENABLED_BY_NATURE = new Set(['static', 'indirect', 'alias', 'generated', 'transient']);

export const isMasked = (state: UnitState | undefined): boolean => state?.file.startsWith('masked') ?? false;

export const isRunning = (state: UnitState | undefined): boolean =>
  ['active', 'activating', 'reloading', 'refreshing'].includes(state?.active ?? '');

/** Of a oneshot without RemainAfterExit, inactive is what it is after it has done its work. */
export const isStarted = (state: UnitState | undefined): boolean =>
  isRunning(state) ||
  (state?.active === 'inactive' && state.type === 'oneshot' && !state.remains && state.result === 'success');

const hasInstall = (content: string): boolean => /^\[Install\]\s*$/m.test(content);

/** Whether there will be nothing to enable once the files are written. */
const needsNoEnabling = (want: Desired, state: UnitState | undefined, contentDiffers: boolean): boolean => {
  if (want.content !== undefined && contentDiffers) return !hasInstall(want.content);
  return ENABLED_BY_NATURE.has(state?.file ?? '');
};

export const isEnabled = (want: Desired, state: UnitState | undefined, contentDiffers: boolean): boolean =>
  state?.file === 'enabled' || needsNoEnabling(want, state, contentDiffers);

export const isDisabled = (state: UnitState | undefined): boolean =>
  !['enabled', 'enabled-runtime'].includes(state?.file ?? '');
