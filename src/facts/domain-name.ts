/** Names in the DNS, RFC 1035 and 2181; an underscore may begin a label, as in `_sip._tcp`. */
import { z } from 'zod';

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?';
const NAME = `${LABEL}(?:\\.${LABEL})*`;

/** A whole name; a dot at its end is not written. */
export const domainName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${NAME}$`), 'expected a domain name, such as internal.example.net');

/** A name as zone files have it: below the zone, `@` for the zone itself, or whole with a dot at its end. */
export const relativeName = z
  .string()
  .max(253)
  .regex(new RegExp(`^(?:@|${NAME}\\.?)$`), 'expected a name, such as `www`, or `@` for the zone itself');

/** Whether its names are addresses, RFC 1035 and 3596. */
export const isReverse = (zone: string): boolean => /(?:^|\.)(?:in-addr|ip6)\.arpa$/i.test(zone);

export const isBelow = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);
