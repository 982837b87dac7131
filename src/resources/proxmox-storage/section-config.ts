/** The format of /etc/pve/storage.cfg: sections with a type and a name, and indented properties. */

export interface Section {
  readonly type: string;
  readonly id: string;
  /** As they stand. A property without a value is a flag that is on. */
  readonly properties: Readonly<Record<string, string>>;
}

const HEADER = /^(\S+):\s*(\S+)\s*$/;
const PROPERTY = /^\s+(\S+)(?:\s+(.*\S))?\s*$/;

const isComment = (line: string): boolean => /^\s*#/.test(line);

interface Open extends Section {
  readonly properties: Record<string, string>;
}

/** A section ends at an empty line. What is neither is skipped, as Proxmox VE does; the last section of a name counts. */
export const parseSections = (text: string): ReadonlyMap<string, Section> => {
  const sections = new Map<string, Section>();
  let open: Open | undefined;
  for (const line of text.split('\n').filter((one) => !isComment(one))) {
    const [, type, id] = HEADER.exec(line) ?? [];
    const [, key, value = '1'] = PROPERTY.exec(line) ?? [];
    if (line === '') open = undefined;
    else if (open === undefined && type !== undefined && id !== undefined) {
      open = { type: type.toLowerCase(), id, properties: {} };
      sections.set(id, open);
    } else if (open !== undefined && key !== undefined) open.properties[key] = value;
  }
  return sections;
};
