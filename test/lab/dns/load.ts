/** Questions that come all the while, as fast as one after the other is answered. */
import type { Machine } from '../machine/machine.ts';
import { allOf } from '../expect.ts';
import { ZONE } from './zone.ts';

export const askAllTheWhile = async (machine: Machine): Promise<void> => {
  await machine.succeed(
    allOf(
      `yes "web.${ZONE} A" | head -100 > /root/questions`,
      `(n=0; until test -e /root/stop; do dig +noall +answer +comments +time=5 +tries=1 @10.9.0.1 -f /root/questions >> /root/load 2>&1; n=$((n + 100)); done; echo $n > /root/asked) > /dev/null 2>&1 &`,
    ),
  );
  await machine.waitUntil('test -s /root/load');
};

/** Each was answered, with the old address or with the new one, and some with either. */
export const assertNoneLost = async (machine: Machine, old: string, now: string): Promise<void> => {
  await machine.succeed('touch /root/stop');
  await machine.waitUntil('test -s /root/asked');
  await machine.succeed(
    allOf(
      '! grep -E "timed out|refused|no servers|SERVFAIL|NXDOMAIN" /root/load',
      `grep -qw "${old}$" /root/load && grep -qw "${now}$" /root/load`,
      'test "$(grep -c "status: NOERROR" /root/load)" = "$(cat /root/asked)"',
    ),
  );
};
