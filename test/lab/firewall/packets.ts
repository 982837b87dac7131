/** What becomes of packets under the rules of firewall.lab.ts. */
import type { Answers } from './peers.ts';

export const EXPECTED: Answers = {
  near: {
    'tcp:10.9.0.1:22': 'answered',
    'tcp:10.9.0.1:7001': 'answered',
    'tcp:[fd09::1]:7001': 'answered',
    'tcp:10.9.0.1:7003': 'answered',
    'tcp:10.9.0.1:7004': 'answered',
    'tcp:[fd09::1]:7004': 'answered',
    'tcp:10.9.0.1:7005': 'refused',
    'tcp:[fd09::1]:7005': 'refused',
    'tcp:10.9.0.1:7007': 'dropped',
    'tcp:[fd09::1]:7007': 'dropped',
    'udp:10.9.0.1:7001': 'answered',
    'udp:10.9.0.1:7006': 'dropped',
    'tcp:10.8.0.2:7001': 'answered',
    'tcp:10.8.0.2:7004': 'dropped',
  },
  far: {
    'tcp:10.8.0.1:7001': 'answered',
    'tcp:10.8.0.1:7004': 'dropped',
    'tcp:[fd08::1]:7004': 'dropped',
    'udp:10.8.0.1:7001': 'dropped',
    'udp:10.8.0.1:7006': 'answered',
    'tcp:10.9.0.2:7001': 'dropped',
  },
  here: {
    'tcp:127.0.0.1:7007': 'answered',
    'tcp:10.9.0.2:7001': 'answered',
    'tcp:10.9.0.2:7002': 'dropped',
    'tcp:[fd09::2]:7002': 'dropped',
    'tcp:10.8.0.2:7002': 'answered',
  },
};

/** Where the services of other sections are open by name. */
export const PROVIDED: Answers = {
  near: {
    'tcp:10.9.0.1:2049': 'answered',
    'tcp:10.9.0.1:111': 'answered',
    'udp:10.9.0.1:111': 'answered',
    'tcp:10.9.0.1:4002': 'answered',
    'udp:10.9.0.1:4002': 'answered',
    'tcp:10.9.0.1:53': 'answered',
    'udp:10.9.0.1:53': 'answered',
    'tcp:10.9.0.1:445': 'dropped',
    'udp:10.9.0.1:137': 'dropped',
    'tcp:10.9.0.1:7001': 'dropped',
  },
  far: {
    'tcp:10.8.0.1:445': 'answered',
    'tcp:10.8.0.1:139': 'answered',
    'udp:10.8.0.1:137': 'answered',
    'tcp:10.8.0.1:2049': 'dropped',
    'udp:10.8.0.1:4002': 'dropped',
    'udp:10.8.0.1:53': 'dropped',
  },
};
