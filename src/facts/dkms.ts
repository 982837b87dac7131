/** Modules that DKMS builds anew for every kernel (dkms(8)). */
import type { CommandFact } from '../host/host.ts';

export interface DkmsModule {
  readonly name: string;
  readonly version: string;
  /** Undefined while it is built for no kernel. */
  readonly kernel?: string;
  /** `installed` is in the tree of that kernel as it was built; everything else is not there, or not as built. */
  readonly state: 'added' | 'built' | 'installed' | 'differs' | 'broken';
}

/** `name/version, kernel, arch: state (remark)`; before DKMS 3, `name, version, kernel, arch: state`. */
const LINE = /^([^,/\s]+)(?:\/|, )([^,:\s]+)(?:, ([^,\s]+), [^,\s]+)?: (added|built|installed|broken)\b(.*)$/;

const stateOf = (word: string, remark: string): DkmsModule['state'] =>
  word === 'installed' && /\bdiff/i.test(remark) ? 'differs' : (word as DkmsModule['state']);

const parseLine = (line: string): DkmsModule[] => {
  const [, name, version, kernel, word, remark = ''] = LINE.exec(line) ?? [];
  // errors and warnings about single modules stand between the lines of others
  if (name === undefined || version === undefined || word === undefined) return [];
  return [{ name, version, ...(kernel === undefined ? {} : { kernel }), state: stateOf(word, remark) }];
};

export const dkmsModules: CommandFact<readonly DkmsModule[]> = {
  name: 'dkms status',
  command: { program: 'dkms', args: ['status'] },
  absent: [],
  parse: (stdout) => stdout.split('\n').flatMap(parseLine),
};
