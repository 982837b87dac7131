/**
 * The Node that the package brings along, and that every test in the lab runs on: the official build of a long-term
 * line, as the npm registry has it. A change is one line here, the hash below, `.ci/run`, and a run of the whole lab.
 */
export const NODE_VERSION = '22.23.3';
