import { check, goLive } from '../../../facts/bind9/candidate.ts';
import { EMPTY_FILE, OPTIONS, SERVER_FILE } from '../../../facts/bind9/files.ts';
import { EMPTY, markQuestion } from '../../../facts/bind9/mark.ts';
import { reload, type Expectation } from '../../../facts/bind9/service.ts';
import type { Host } from '../../../host/host.ts';
import type { ServerOp } from '../schema.ts';

/** That it answers at all with these settings, and has them. */
const expectations = (mark: string | null | undefined): Expectation[] => {
  const question = markQuestion(mark ?? '');
  return question === undefined
    ? []
    : [{ ...question, isMet: (records) => records.length > 0, what: `the settings of ${OPTIONS}` }];
};

export const convergeBind9 = async (
  op: Extract<ServerOp, { op: 'write-bind9' | 'reload-bind9' }>,
  host: Host,
): Promise<void> => {
  if (op.op === 'reload-bind9') {
    await check(host, new Map());
    await reload(host, expectations(host.readFile(SERVER_FILE)?.toString()));
    return;
  }
  const texts = new Map([
    [EMPTY_FILE, op.mark === null ? undefined : EMPTY],
    [OPTIONS, op.options ?? undefined],
    [SERVER_FILE, op.mark ?? undefined],
  ]);
  await check(host, texts);
  await goLive(host, texts, expectations(op.mark));
};
