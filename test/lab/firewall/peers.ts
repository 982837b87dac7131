/** Two networks beside the machine, each with a host of its own: packets that really go through the kernel's filter. */
import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';

const PORTS = '7001 7002 7003 7004 7005 7006 7007 7008';

const LINES = [
  ...['near 9', 'far 8'].flatMap((one) => {
    const [name = '', net = ''] = one.split(' ');
    return [
      `ip netns add ${name}`,
      `ip link add ${name}0 type veth peer name eth0 netns ${name}`,
      `ip addr add 10.${net}.0.1/24 dev ${name}0 && ip addr add fd0${net}::1/64 dev ${name}0 nodad && ip link set ${name}0 up`,
      `ip -n ${name} addr add 10.${net}.0.2/24 dev eth0 && ip -n ${name} addr add 10.${net}.0.66/24 dev eth0`,
      `ip -n ${name} addr add fd0${net}::2/64 dev eth0 nodad && ip -n ${name} link set eth0 up && ip -n ${name} link set lo up`,
      `ip -n ${name} route add default via 10.${net}.0.1`,
      `(setsid ip netns exec ${name} probe serve ${PORTS} < /dev/null > /dev/null 2>&1 &)`,
    ];
  }),
  // else some of what is rejected looks as if it was dropped
  'sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0',
  `(setsid probe serve ${PORTS} < /dev/null > /dev/null 2>&1 &)`,
];

export const makePeers = async (machine: Machine): Promise<void> => {
  await machine.copyIn(join(import.meta.dirname, 'probe'), '/usr/local/bin/probe');
  await machine.succeed(['set -ex', 'chmod 0755 /usr/local/bin/probe', ...LINES].join('\n'));
  await machine.waitUntil(
    'ip netns exec near probe ask tcp:10.9.0.1:7008 tcp:10.8.0.2:7008 | grep -c answered | grep -qx 2',
  );
};

/** A host of the lab's networks, or the machine itself. */
type From = 'near' | 'far' | 'here';
type Answer = 'answered' | 'refused' | 'dropped';
/** From where which question has which answer. */
export type Answers = Partial<Record<From, Readonly<Record<string, Answer>>>>;

const asked = (from: From, questions: readonly string[]): string => {
  const where = from === 'here' ? '' : `ip netns exec ${from} `;
  return `${where}probe ask ${questions.join(' ')} | sed 's/^/${from} /' &`;
};

/** Asks all the questions again that are answered there, from all hosts at once. */
export const probe = async (machine: Machine, expected: Answers): Promise<Answers> => {
  const hosts = Object.entries(expected) as [From, Readonly<Record<string, Answer>>][];
  const lines = hosts.map(([from, answers]) => asked(from, Object.keys(answers)));
  const said = (await machine.succeed(`${lines.join('\n')}\nwait`)).trim().split('\n');
  const answers: Partial<Record<From, Record<string, Answer>>> = {};
  for (const line of said) {
    const [from, question, answer] = line.split(' ') as [From, string, Answer];
    answers[from] = { ...answers[from], [question]: answer };
  }
  return answers;
};
