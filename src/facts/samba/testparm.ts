/** The configuration as Samba itself understands it: testparm(1), of Samba 4.17 and 4.22. */
import type { CommandFact, CommandResult } from '../../host/host.ts';
import { sameName, sectionsOf, settingsOf } from './sections.ts';

export interface Understood {
  /** Samba would not load it; a running smbd keeps what it has. */
  readonly broken: boolean;
  /** What it says about lines that it does not take as they are meant. */
  readonly complaints: readonly string[];
  /** Settings that are not the default, by section in lower case and by their own names. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Its exit code is 0 for unknown parameters and for a share without a path. */
const COMPLAINT =
  /Unknown parameter|Ignoring|badly formed|found in service section|No path in service|value is not|^ERROR/;
/** Said of every configuration, or of the host. */
const NOISE = /^(Load smb config files from|Loaded services file OK|Weak crypto|Server role|Error loading)/;

const complaintsOf = ({ code, stderr }: CommandResult): string[] => {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => COMPLAINT.test(line));
  if (code === 0 || complaints.length > 0) return complaints;
  const said = lines.filter((line) => !NOISE.test(line) && !/directory \S+ does not exist/.test(line));
  return said.length > 0 ? said : ['testparm cannot load it, and does not say why'];
};

export const understood = (result: CommandResult): Understood => ({
  broken: result.code !== 0,
  complaints: complaintsOf(result),
  sections: new Map(sectionsOf(result.stdout).map(({ name, lines }) => [sameName(name), settingsOf(lines)])),
});

/** Of the live configuration; undefined where Samba is not installed. */
export const testparm: CommandFact<Understood | undefined> = {
  name: 'testparm',
  command: { program: 'testparm', args: ['-s'], okCodes: [0, 1], maxOutput: 16 * 1024 * 1024 },
  absent: undefined,
  parse: (_, result) => understood(result),
};
