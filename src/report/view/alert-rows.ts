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

/** Events are asked for one by one: those of many alerts are not in memory. */
class EventRow implements AlertRow {
  readonly alert: Alert;
  readonly incident: number | null;
  readonly isLast: boolean;
  readonly ms: number;
  readonly ns: number;
  readonly zone: TimeZone;
  readonly #number: number;

  constructor(
    alert: Alert,
    incident: number | null,
    zone: TimeZone,
    number: number,
    isLast: boolean,
    { millis, nanos }: Readonly<Instant>,
  ) {
    this.alert = alert;
    this.incident = incident;
    this.isLast = isLast;
    this.ms = millis;
    this.ns = nanos;
    this.zone = zone;
    this.#number = number;
  }

  get observed(): Observed {
    return this.alert.events.at(this.#number)!;
  }
}

class LastEventRow extends EventRow {
  constructor(alert: Alert, incident: number | null, zone: TimeZone) {
    super(alert, incident, zone, -1, true, { millis: alert.ms, nanos: alert.ns });
  }

  override get observed(): Observed {
    return this.alert.events.findLast((event) => event !== null)!;
  }
}

/** A row for each alert. */
export function alertRows({ alerts, incidents }: Found, zone: TimeZone): AlertRow[] {
  const numbers = incidentNumbers(incidents);
  return alerts.map((alert) => new LastEventRow(alert, numbers.get(alert) ?? null, zone));
}

/** A row for each event of each alert: one that two alerts have is in two rows. What has no time comes last. */
export function eventRows({ alerts, incidents }: Found, zone: TimeZone): AlertRow[] {
  const numbers = incidentNumbers(incidents);
  const at: Instant = { millis: 0, nanos: 0 };
  const rows = alerts.flatMap((alert) => {
    const { events } = alert;
    const last = events.findLastIndex((event) => event !== null);
    const incident = numbers.get(alert) ?? null;
    return events.flatMap((observed, number) => {
      if (observed === null) return [];
      const isTimed = readInstant(observed.event["@timestamp"], at);
      return [new EventRow(alert, incident, zone, number, number === last, isTimed ? at : { millis: Number.NaN, nanos: 0 })];
    });
  });
  return rows.sort((a, b) => (Number.isNaN(a.ms) ? (Number.isNaN(b.ms) ? 0 : 1) : Number.isNaN(b.ms) ? -1 : a.ms - b.ms || a.ns - b.ns));
}

function incidentNumbers(incidents: Found["incidents"]): Map<Alert, number> {
  const numbers = new Map<Alert, number>();
  incidents.forEach(({ steps }, i) => {
    for (const { alert, repeats } of steps) for (const one of [alert, ...repeats]) numbers.set(one, i + 1);
  });
  return numbers;
}
