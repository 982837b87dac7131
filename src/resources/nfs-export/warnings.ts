/** What is allowed, and what an operator should have read before saying yes. */
import type { Options } from './options.ts';

interface Offer {
  readonly host: string;
  readonly normal: Options;
}

const warningOf = ({ host, normal }: Offer): string[] => [
  ...(normal['root'] === 'no_root_squash' && normal['all'] !== 'all_squash'
    ? [`root of ${host} is root here`]
    : []),
  ...(host === '*' && normal['access'] === 'rw' ? ['everybody who can reach this host may write'] : []),
  ...(normal['ports'] === 'insecure' ? [`any user of ${host} may act as any other`] : []),
];

export const warningsOf = (offers: readonly Offer[]): string => {
  const warnings = offers.flatMap(warningOf);
  return warnings.length === 0 ? '' : `; note: ${warnings.join('; ')}`;
};
