import type { Hardware } from './machine/hardware.ts';
import type { Machine } from './machine/machine.ts';
import { restoreMachine } from './machine/restore.ts';
import { Phoenix } from './phoenix.ts';

export interface LabOptions extends Partial<Hardware> {
  /** False leaves phoenix off the machine. */
  readonly phoenix?: boolean;
}

export interface Lab {
  readonly machine: Machine;
  readonly phoenix: Phoenix;
}

type Body = (lab: Lab) => void;

const showLogs = async (machine: Machine): Promise<void> => {
  console.error(`--- serial log\n${await machine.serialLog()}`);
  console.error(`--- journal\n${await machine.journal().catch((error: unknown) => String(error))}`);
};

/** A mocha suite with a machine of its own: a host that has just booted, with phoenix unpacked in /opt. */
export function describeLab(title: string, body: Body): void;
export function describeLab(title: string, options: LabOptions, body: Body): void;
export function describeLab(title: string, first: LabOptions | Body, second?: Body): void {
  const [{ phoenix: install = true, ...hardware }, body] =
    typeof first === 'function' ? [{}, first] : [first, second!];
  describe(title, function () {
    let machine: Machine | undefined;
    let phoenix: Phoenix | undefined;

    before(async function () {
      // The first file of all may have to build the image.
      this.timeout(3_600_000);
      machine = await restoreMachine({ hardware });
      phoenix = new Phoenix(machine);
      if (install) await phoenix.install();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed' && machine) await showLogs(machine);
    });
    after(async () => {
      await machine?.destroy();
    });

    body({
      get machine() {
        return machine!;
      },
      get phoenix() {
        return phoenix!;
      },
    });
  });
}
