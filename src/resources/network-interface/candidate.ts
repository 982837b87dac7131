/** The file as a whole is shown to ifquery(8) before it is live: ifupdown 0.8 and ifupdown2 3.0. */
import { withCandidate } from '../../facts/scratch.ts';
import type { Host } from '../../host/host.ts';
import type { Tool } from './actual.ts';
import { INTERFACES } from './interfaces-file.ts';

/** Its exit code is 0 for lines that it does not understand, and of unknown interfaces it only warns. */
const COMPLAINT = /^error:|not recognized|syntax|misplaced|unknown|duplicate/i;

const judge = async (host: Host, tool: Tool, path: string): Promise<void> => {
  const args = tool === 'ifupdown2' ? ['-a', '-i', path] : ['--list', '-a', '-i', path];
  const { code, stderr } = await host.run({ program: 'ifquery', args, okCodes: [0, 1] });
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => COMPLAINT.test(line));
  if (code === 0 && complaints.length === 0) return;
  const said = (complaints.length > 0 ? complaints : lines).join('\n').replaceAll(path, INTERFACES);
  throw new Error(`ifquery rejects the configuration; nothing was written:\n${said}`);
};

export const check = (host: Host, tool: Tool, text: string): Promise<void> =>
  withCandidate(host, 'interfaces', text, (path) => judge(host, tool, path));
