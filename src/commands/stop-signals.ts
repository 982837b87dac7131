/**
 * SIGINT and SIGTERM ask to stop after the action in hand; a second one stops at once. SIGHUP, which a dropped SSH
 * session sends, is passed over: the run goes on to its end.
 */

type Signal = 'SIGINT' | 'SIGTERM';

export interface StopSignals {
  readonly stoppedBy: () => Signal | undefined;
  readonly close: () => void;
}

export const watchSignals = (tell: (message: string) => void): StopSignals => {
  let first: Signal | undefined;
  const onSignal = (signal: Signal): void => {
    if (first === undefined) {
      first = signal;
      tell(`${signal}: stopping after the action in hand; once more stops at once`);
      return;
    }
    // The default action: the journal says what was under way, and the next run goes on from the host's state.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  const goOn = (): void => undefined;
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', goOn);
  return {
    stoppedBy: () => first,
    close: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', goOn);
    },
  };
};
