/** Our options as an entry of the manifest: `render`, backwards. */
import { isIpv4, LOOPBACK } from '../../../facts/addresses.ts';
import { INSIDE, isOurs, OPTIONS } from '../../../facts/bind9/files.ts';
import { inside, statementsIn } from '../../../facts/bind9/statements.ts';
import type { HostReader } from '../../../host/host.ts';

type Fields = Readonly<Record<string, unknown>>;

const wordsIn = (statement: string | undefined): string[] =>
  statement === undefined ? [] : statementsIn(inside(statement)).filter((word) => word !== 'none');

const unquoted = (words: readonly string[]): string[] => words.map((word) => word.replaceAll('"', ''));

const listOf = (field: string, all: readonly string[]): Fields => (all.length === 0 ? {} : { [field]: all });

/** Whoever the zones name as their server is in their files. */
const authorityOf = (listen: readonly string[]): Fields =>
  listen.length === 0 ? {} : { authority: { name: 'localhost', listen } };

const entryOf = (statements: readonly string[]): Fields => {
  const first = (start: string): string | undefined =>
    statements.find((one) => one === start || one.startsWith(`${start} `));
  const inner = wordsIn(first(`acl ${INSIDE}`));
  const options = wordsIn(first('options'));
  const named = (start: string): string | undefined => options.find((one) => one.startsWith(`${start} `));
  const all = [...wordsIn(named('listen-on')), ...wordsIn(named('listen-on-v6'))];
  const [, exempt = ''] = (named('deny-answer-addresses') ?? '').split(' except-from ');
  return {
    backend: 'bind9',
    ...listOf(
      'listen',
      inner.filter((address) => address !== LOOPBACK),
    ),
    ...listOf(
      'upstream',
      wordsIn(named('forwarders')).map((server) => server.replace(' port ', '#')),
    ),
    ...(named('dnssec-validation') === 'dnssec-validation auto' ? { dnssec: true } : {}),
    ...(named('deny-answer-addresses') === undefined ? {} : { rebindProtection: true }),
    ...listOf('internal', unquoted(wordsIn(named('validate-except') ?? exempt))),
    ...authorityOf(all.filter((address) => isIpv4(address) && !inner.includes(address))),
  };
};

export const listBind9 = (host: HostReader): Fields[] => {
  const text = host.readFile(OPTIONS)?.toString() ?? '';
  return isOurs(text) ? [entryOf(statementsIn(text))] : [];
};
