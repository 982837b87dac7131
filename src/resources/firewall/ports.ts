/** Ports, as lists of ranges in one normal form. */
export type PortRange = readonly [from: number, to: number];

/** A port, or a range as `8000-8010`; undefined if it is neither. */
export const parsePort = (port: number | string): PortRange | undefined => {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(port)) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return first === '' || from < 1 || to > 65535 || from > to ? undefined : [from, to];
};

/** Sorted, without overlaps and neighbours. */
export const mergedPorts = (ports: readonly PortRange[]): PortRange[] => {
  const result: PortRange[] = [];
  for (const [from, to] of ports.toSorted(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last === undefined || from > last[1] + 1) result.push([from, to]);
    else if (to > last[1]) result[result.length - 1] = [last[0], to];
  }
  return result;
};

export const formatPort = ([from, to]: PortRange, sign: string): string =>
  from === to ? String(from) : `${from}${sign}${to}`;
