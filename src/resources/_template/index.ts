import { z } from 'zod';
import type { Action } from '../../engine/action.ts';
import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';

// A complete kind in small: one line of text in a file of its own. Replace all of it; docs/adding-a-resource.md.
const FOLDER = '/etc/template-kind.d';

const desired = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'expected a name of small letters, digits and dashes')
    .meta({ description: 'name of the file below /etc/template-kind.d, without its suffix' }),
  value: z
    .string()
    .regex(/^[^\0\n]+$/, 'expected one line')
    .meta({ description: 'the line that it has' }),
  ensure: z
    .enum(['present', 'absent'])
    .default('present')
    .meta({ description: 'absent removes the file; its content is kept in the backup' }),
});

const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), path: z.string(), value: z.string() }),
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
]);

type Desired = z.output<typeof desired>;
type TemplateKindOp = z.output<typeof ops>;
interface Actual {
  readonly value: string;
}

const pathOf = ({ name }: Pick<Desired, 'name'>): string => `${FOLDER}/${name}.conf`;

const write = (want: Desired, found: Actual | undefined): Action<TemplateKindOp> => {
  const path = pathOf(want);
  return {
    does: { op: 'write', path, value: want.value },
    description: `${found === undefined ? 'create' : 'change'} ${path}: "${want.value}"`,
    risk: 'safe',
    changes: [{ path: 'value', from: found?.value ?? null, to: want.value }],
    undo: { by: found === undefined ? { op: 'remove', path } : { op: 'write', path, value: found.value } },
  };
};

const remove = (want: Desired, found: Actual): Action<TemplateKindOp> => ({
  does: { op: 'remove', path: pathOf(want) },
  description: `remove ${pathOf(want)}`,
  risk: 'safe',
  changes: [{ path: 'value', from: found.value, to: null }],
  undo: { by: { op: 'write', path: pathOf(want), value: found.value } },
});

export default defineResource({
  kind: 'TemplateKind',
  summary: 'A line of text below /etc/template-kind.d. Never touches files that are not declared.',
  desired,
  ops,
  examples: [
    { name: 'greeting', value: 'hello' },
    { name: 'former', value: 'bye', ensure: 'absent' },
  ],

  key: (want) => want.name,
  owns: (want) => [`path:${pathOf(want)}`],

  read: (host, all) =>
    readEach(
      all,
      (want) => want.name,
      (want) => {
        const content = host.readFile(pathOf(want));
        return content === undefined ? absent : present<Actual>({ value: content.toString().trimEnd() });
      },
    ),

  diff(want, actual) {
    const found = actual.is === 'present' ? actual.value : undefined;
    if (want.ensure === 'absent') return found === undefined ? [] : [remove(want, found)];
    return found?.value === want.value ? [] : [write(want, found)];
  },

  async converge(op, host) {
    switch (op.op) {
      case 'write':
        await host.writeFile(op.path, `${op.value}\n`, { mode: 0o644, uid: 0, gid: 0 });
        return;
      case 'remove':
        host.removeFile(op.path);
        return;
    }
  },
});
