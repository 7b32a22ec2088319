/** An incident and what happened in it, as plain data that a face lays out. */
import { storiesOf, UTC, type Alert, type HuntResult, type Severity, type TimeZone } from "../../workbench/index.ts";
import { spanText } from "../format.ts";
import { actViews, type ActView } from "./act.ts";
import { alertView, concernedOf, type AlertView, type Concerned } from "./alert.ts";

export interface IncidentView {
  readonly id: string;
  /** 1-based. */
  readonly number: number;
  /** `Incident 1` */
  readonly name: string;
  /** What it comes to: `PsExec from WS01 to SRV01 as adm.kira`. */
  readonly title: string;
  readonly severity: Severity;
  /** Times of its first and its last alert, as the events have them; null where they have none. */
  readonly first: string | null;
  readonly last: string | null;
  /** Both in a line. */
  readonly when: string;
  readonly concerned: readonly Concerned[];
  /** What was done, in time order; acts that may be ordinary work come last, each with the reason. */
  readonly acts: readonly ActView[];
}

/** All incidents of a hunt, the gravest first. `view` makes the lines of their alerts. */
export function incidentViews(
  found: Pick<HuntResult, "incidents" | "excepted">,
  view: (alert: Alert) => AlertView = alertView,
  zone: TimeZone = UTC,
): IncidentView[] {
  const stories = storiesOf(found);
  return found.incidents.map(({ id, severity, first, last, hosts, users, addresses }, i) => ({
    id,
    number: i + 1,
    name: `Incident ${i + 1}`,
    title: stories[i]!.title,
    severity,
    first: first.time,
    last: last.time,
    when: `${spanText(first.time, last.time, zone)} ${zone.name}`,
    concerned: concernedOf({ hosts, users, addresses }),
    acts: actViews(stories[i]!, view),
  }));
}
