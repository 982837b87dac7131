import type { Link } from './facts.ts';

/** What brings the file into effect; none where the host uses neither of them. */
export type Tool = 'ifupdown2' | 'ifupdown' | 'none';

export interface InterfacesFile {
  readonly text: string;
  readonly sha256: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface Actual {
  readonly tool: Tool;
  /** Bridges must be told to leave ports of guests alone. */
  readonly condone: boolean;
  /** Null if there is none. */
  readonly file: InterfacesFile | null;
  /** Null if there is no such interface now. */
  readonly link: Link | null;
  /** Interfaces whose master it is, those of guests too. */
  readonly ports: readonly string[];
  /** VLANs that its declared ports let through; where they are looked for. */
  readonly vids: Readonly<Record<string, string>>;
  /** Of its default routes. */
  readonly gateways: readonly string[];
  /** A file with changes that somebody else has yet to apply. */
  readonly staged?: string;
  /** Why nothing is done. */
  readonly objections: readonly string[];
  readonly remarks: readonly string[];
  /** A network of its addresses is that of another interface as well. */
  readonly overlaps: boolean;
  /** What a VLAN is on is there already. */
  readonly device: boolean;
}
