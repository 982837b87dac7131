/** Progress of the lab goes to stderr: stdout belongs to the command that the operator runs. */
export const say = (line: string): void => {
  process.stderr.write(`lab: ${line}\n`);
};

/** Says what is being done, does it, and says how long it took. */
export const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const start = Date.now();
  say(`${what} …`);
  const result = await work();
  say(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return result;
};
