/** Turns a run's events into the report on standard output. */
import type { Listener } from '../engine/events.ts';
import { endText, inSyncText, rebootText } from './end-text.ts';
import { eventRecord, versionRecord } from './ndjson.ts';
import type { Paint } from './paint.ts';
import { planText } from './plan-text.ts';

type Print = (text: string) => void;

/** NDJSON: every event is a record. */
export const jsonReport = (print: Print, version: string): Listener => {
  print(versionRecord(version));
  return (event) => {
    print(eventRecord(event, new Date()));
  };
};

/**
 * For people. When everything is in sync nothing is printed, so that a run by cron or a timer is silent, unless
 * `sayInSync` (on a terminal, where silence would look like a fault).
 */
export const textReport = (print: Print, paint: Paint, sayInSync: boolean): Listener => {
  let shown = false;
  return (event) => {
    if (event.event === 'plan') {
      const { resources, remarked, owed, reboot } = event.plan;
      shown = resources.length > 0 || remarked !== undefined || owed.length > 0 || reboot !== undefined;
      if (shown) print(planText(event.plan, paint));
    } else if (event.event === 'reboot') {
      print(rebootText(event, paint));
    } else if (event.event === 'end') {
      if (event.outcomes !== undefined) print(endText(event.outcomes, event.milliseconds, paint));
      else if (!shown && sayInSync) print(inSyncText(event.inSync, event.milliseconds, paint));
    }
  };
};
