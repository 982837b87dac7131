import type { Action, Finding } from '../../../engine/action.ts';
import { SERVER_FILE } from '../../../facts/dnsmasq/files.ts';
import { markIn } from '../../../facts/dnsmasq/mark.ts';
import { refuseConflicts, refuseHolders } from '../refusals.ts';
import type { Desired, ServerOp } from '../schema.ts';
import type { Dnsmasq } from './read.ts';
import { render } from './render.ts';

const write = (text: string | null, { text: old, inUse }: Dnsmasq): Action<ServerOp> => {
  const what = text === null ? 'remove' : old === undefined ? 'write' : 'change';
  return {
    does: { op: 'write', text },
    description: `${what} the settings of dnsmasq in ${SERVER_FILE}${inUse === undefined ? '' : ', and restart it'}`,
    // also while it does not run: the package that is installed before this starts it
    risk: 'disruptive',
    changes: [{ path: SERVER_FILE, from: old ?? '', to: text ?? '', as: 'text' }],
    undo: { by: { op: 'write', text: old ?? null } },
  };
};

const restart = (from: string | null | undefined, to: string | undefined): Action<ServerOp> => ({
  does: { op: 'restart' },
  description: `restart dnsmasq: it does not use what is in ${SERVER_FILE}`,
  risk: 'disruptive',
  changes: [{ path: 'settings in use', from: from ?? 'none of ours', to }],
  undo: { again: 'dnsmasq reads its settings when it starts' },
});

const diffPresent = (want: Desired, found: Dnsmasq): Finding<ServerOp>[] => {
  const text = render(want);
  if (found.conflicts.length > 0) return [refuseConflicts(found.conflicts)];
  if (found.holders.length > 0) return [refuseHolders(found.holders, 'dnsmasq')];
  if (text !== found.text) return [write(text, found)];
  const mark = markIn(text);
  return found.inUse === undefined || found.inUse === mark ? [] : [restart(found.inUse, mark)];
};

export const diffDnsmasq = (want: Desired, found: Dnsmasq): readonly Finding<ServerOp>[] => {
  if (want.ensure === 'present') return diffPresent(want, found);
  return found.text === undefined ? [] : [write(null, found)];
};
