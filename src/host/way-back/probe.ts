/**
 * Whether the host is reachable as the manifest wants it, seen from the host itself: the gateway answers, sshd greets
 * at each of the host's own addresses, a program of the operator's says so. What a filter elsewhere does, it cannot see.
 */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { reasonOf } from '../../engine/reading.ts';
import { execute } from '../execute.ts';

/** As the manifest says it. */
export interface ProbeSettings {
  readonly gateway: boolean;
  readonly ssh: boolean;
  readonly command?: readonly string[] | undefined;
}

const WAIT = 3_000;

interface Route {
  readonly gateway?: string;
  readonly dev?: string;
}

const gatewayOf = async (family: '-4' | '-6'): Promise<Route | undefined> => {
  const args = ['-j', family, 'route', 'show', 'default'];
  const { stdout } = await execute({ program: 'ip', args, timeout: WAIT });
  return (JSON.parse(stdout || '[]') as Route[]).find(({ gateway }) => gateway !== undefined);
};

/** ping(8) of iputils; a gateway that answers no echo may still be a neighbour that answers ARP or ND. */
const answers = async ({ gateway = '', dev = '' }: Route): Promise<boolean> => {
  const args = ['-n', '-q', '-c', '1', '-W', '2', '-I', dev, gateway];
  const { code } = await execute({ program: 'ping', args, timeout: WAIT }).catch(() => ({ code: 1 }));
  if (code === 0) return true;
  const neighbour = ['-j', 'neigh', 'show', 'to', gateway, 'dev', dev];
  const { stdout } = await execute({ program: 'ip', args: neighbour, timeout: WAIT });
  return (JSON.parse(stdout || '[]') as { state?: string[] }[]).some(({ state }) =>
    (state ?? []).some((one) => one === 'REACHABLE' || one === 'PERMANENT'),
  );
};

const gatewayProblem = async (): Promise<string | undefined> => {
  const gateways = [await gatewayOf('-4'), await gatewayOf('-6')].filter((one) => one !== undefined);
  if (gateways.length === 0) return 'there is no default route';
  for (const gateway of gateways)
    if (!(await answers(gateway))) return `the gateway ${gateway.gateway ?? ''} does not answer`;
  return undefined;
};

/** The port that sshd really uses, as it says itself (sshd(8), -T). */
const sshPorts = async (): Promise<number[]> => {
  const { code, stdout, stderr } = await execute({ program: 'sshd', args: ['-T'] });
  if (code !== 0) throw new Error(`sshd -T: ${stderr.trim()}`);
  return [...stdout.matchAll(/^port (\d+)$/gm)].map(([, port]) => Number(port));
};

const greeting = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: WAIT });
    const end = (problem: string | undefined): void => {
      socket.destroy();
      resolve(problem === undefined ? undefined : `sshd at ${host} port ${port}: ${problem}`);
    };
    socket
      .once('data', (data) => {
        end(data.toString('latin1').startsWith('SSH-2.0-') ? undefined : 'does not speak SSH');
      })
      .once('timeout', () => {
        end('does not answer');
      })
      .once('error', (error) => {
        end(error.message);
      });
  });

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);

const sshProblem = async (): Promise<string | undefined> => {
  const addresses = ownAddresses();
  if (addresses.length === 0) return 'the host has no address to log in at';
  for (const port of await sshPorts())
    for (const address of addresses) {
      const problem = await greeting(address, port);
      if (problem !== undefined) return problem;
    }
  return undefined;
};

const commandProblem = async ([program = '', ...args]: readonly string[]): Promise<string | undefined> => {
  const { code, stdout, stderr } = await execute({ program, args, timeout: 30_000 });
  return code === 0 ? undefined : `${program}: exit code ${code}: ${(stderr || stdout).trim().slice(-200)}`;
};

/** All that is asked for must be so; the first that is not is named. */
export const probeOf =
  ({ gateway, ssh, command }: ProbeSettings) =>
  async (): Promise<string | undefined> => {
    try {
      return (
        (gateway ? await gatewayProblem() : undefined) ??
        (ssh ? await sshProblem() : undefined) ??
        (command === undefined ? undefined : await commandProblem(command))
      );
    } catch (error) {
      return reasonOf(error);
    }
  };
