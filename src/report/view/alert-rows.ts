/** The alerts of a hunt, or their events, as rows in order of time. */
import { readInstant, type Alert, type HuntResult, type Instant, type Observed, type TimeZone } from "../../workbench/index.ts";

/** What a row of a table of alerts is made of. */
export interface AlertRow {
  readonly alert: Alert;
  /** The number of its incident, as other outputs have it; null where it is in none. */
  readonly incident: number | null;
  /** The event that the row is about: of an alert the one that raised it, which is its last. */
  readonly observed: Observed;
  readonly isLast: boolean;
  /** When the event was, in milliseconds since 1970; NaN where it has no time. */
  readonly ms: number;
  readonly zone: TimeZone;
}

type Found = Pick<HuntResult, "alerts" | "incidents">;

/** A row for each alert. */
export function alertRows({ alerts, incidents }: Found, zone: TimeZone): AlertRow[] {
  const numbers = incidentNumbers(incidents);
  return alerts.map((alert) => ({
    alert,
    incident: numbers.get(alert) ?? null,
    observed: alert.events.findLast((event) => event !== null)!,
    isLast: true,
    ms: alert.ms,
    zone,
  }));
}

/** A row for each event of each alert: one that two alerts have is in two rows. What has no time comes last. */
export function eventRows(found: Found, zone: TimeZone): AlertRow[] {
  const at: Instant = { millis: 0, nanos: 0 };
  const rows = alertRows(found, zone).flatMap((row) =>
    row.alert.events.flatMap((observed) => {
      if (observed === null) return [];
      const isTimed = readInstant(observed.event["@timestamp"], at);
      return [{ ...row, observed, isLast: observed === row.observed, ms: isTimed ? at.millis : Number.NaN, nanos: at.nanos }];
    }),
  );
  return rows.sort((a, b) =>
    Number.isNaN(a.ms) ? (Number.isNaN(b.ms) ? 0 : 1) : Number.isNaN(b.ms) ? -1 : a.ms - b.ms || a.nanos - b.nanos,
  );
}

function incidentNumbers(incidents: Found["incidents"]): Map<Alert, number> {
  const numbers = new Map<Alert, number>();
  incidents.forEach(({ steps }, i) => {
    for (const { alert, repeats } of steps) for (const one of [alert, ...repeats]) numbers.set(one, i + 1);
  });
  return numbers;
}
