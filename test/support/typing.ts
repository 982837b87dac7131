/**
 * A real shell on a real terminal, to which a test types. TAB puts in all the words that complete, and Control-T shows the line
 * as it stands then. The terminal is that of script(1).
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

const PROMPT = 'ready> ';
/** Long enough for a busy machine; a shell that hangs is an error all the same. */
const PATIENCE = 15_000;

const BASH = (completion: string): string => `
. /usr/share/bash-completion/bash_completion
. '${completion}'
__show() { printf '<<%s>>\\n' "$READLINE_LINE"; READLINE_LINE=; }
bind '"\\t": insert-completions'
bind -x '"\\C-t": __show'
PS1='${PROMPT}'
`;

const ZSH = (folder: string): string => `
fpath=('${folder}' $fpath)
autoload -Uz compinit && compinit -u -d '${folder}/dump'
__all() { _main_complete; compstate[insert]=all; compstate[list]= }
zle -C all complete-word __all
bindkey '^I' all
__show() { print -r -- "<<$BUFFER>>"; BUFFER= }
zle -N show __show
bindkey '^T' show
PS1='${PROMPT}'
`;

/** The start-up file goes where each shell looks for it, and no other is read. */
const START = {
  bash: (folder: string, completion: string): string => {
    writeFileSync(`${folder}/bashrc`, BASH(completion));
    return `bash --noprofile --rcfile '${folder}/bashrc' -i`;
  },
  zsh: (folder: string): string => {
    writeFileSync(`${folder}/.zshrc`, ZSH(folder));
    return `env ZDOTDIR='${folder}' zsh -o NO_GLOBAL_RCS -i`;
  },
};

export class TypedShell {
  readonly #terminal: ChildProcessWithoutNullStreams;
  readonly #ready: Promise<unknown>;
  #seen = '';

  constructor(shell: keyof typeof START, folder: string, completion: string) {
    const line = START[shell](folder, completion);
    this.#terminal = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', TERM: 'dumb', LC_ALL: 'C.UTF-8', HOME: folder },
    });
    this.#terminal.stdout.on('data', (chunk: Buffer) => (this.#seen += chunk.toString()));
    this.#ready = this.#until(/ready> /);
  }

  /** The words of the line after TAB. */
  async complete(line: string): Promise<string[]> {
    await this.#ready;
    this.#seen = '';
    this.#terminal.stdin.write(`${line}\t\x14`);
    const [, shown = ''] = await this.#until(/<<(.*)>>/);
    return shown.trim().split(/ +/);
  }

  async end(): Promise<void> {
    this.#terminal.kill();
    await once(this.#terminal, 'close');
  }

  async #until(wanted: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      const found = wanted.exec(this.#seen);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(
      `expected ${String(wanted)} on the terminal within ${PATIENCE} ms, found:\n${this.#seen}`,
    );
  }
}
