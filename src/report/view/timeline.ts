/** Alerts along the time as a picture: what to draw and where, which each face draws with its own elements. */
import { SEVERITIES, UTC, visible, type Severity, type TimeZone } from "../../workbench/index.ts";
import { clockText, plural } from "../format.ts";
import { WORDS } from "../words.ts";

/** In the picture's own units, which a face scales. */
const WIDTH = 1000;
const LEFT = 160;
const RIGHT = 14;
const TOP = 16;
const LANE = 24;
const FOOT = 34;
/** Alerts nearer to each other than a bucket is wide are one mark, so the picture stays small whatever was found. */
const BUCKETS = 160;
const MAX_NAME = 22;

export interface TimelineView {
  readonly width: number;
  readonly height: number;
  /** What the picture shows, in a sentence. */
  readonly label: string;
  /** From where to where a lane goes. */
  readonly left: number;
  readonly right: number;
  readonly lanes: readonly Lane[];
  /** Where the times below the lanes stand, and what they are. */
  readonly footY: number;
  readonly from: string;
  readonly to: string;
  /** What is not drawn, a sentence each. */
  readonly notes: readonly string[];
}

/** The alerts of a host. */
export interface Lane {
  readonly y: number;
  /** Safe to show as it is. */
  readonly name: string;
  readonly marks: readonly Mark[];
}

/** One or more alerts: the worst severity gives the colour, their number the size. */
export interface Mark {
  readonly x: number;
  readonly radius: number;
  readonly severity: Severity;
  /** `3 alerts, high` */
  readonly title: string;
}

/** What a mark is made of. `ms` is milliseconds since 1970, NaN where there is no time. */
interface Marked {
  readonly host: string;
  readonly ms: number;
  readonly severity: Severity;
}

/** Times are by the clocks of the zone. Null where no alert has a time. Hosts beyond `maxLanes` are counted. */
export function timelineView(alerts: readonly Marked[], maxLanes: number, zone: TimeZone = UTC): TimelineView | null {
  const timed = alerts.filter(({ ms }) => !Number.isNaN(ms));
  const from = timed.reduce((least, { ms }) => Math.min(least, ms), Infinity);
  const to = timed.reduce((most, { ms }) => Math.max(most, ms), -Infinity);
  if (timed.length === 0) return null;
  const [first, last] = [clockText(from, zone), clockText(to, zone)];
  const hosts = bucketsOf(timed, from, to);
  const moreHosts = Math.max(0, hosts.size - maxLanes);
  const withoutTime = alerts.length - timed.length;
  const lanes = [...hosts].slice(0, maxLanes).map(([host, marks], i): Lane => ({
    y: TOP + i * LANE,
    name: host === "" ? WORDS.noHost : visible(host.length > MAX_NAME ? `${host.slice(0, MAX_NAME - 1)}…` : host),
    marks: [...marks].map(([bucket, { alerts: n, severity }]) => ({
      x: round(LEFT + ((bucket + 0.5) * (WIDTH - LEFT - RIGHT)) / BUCKETS),
      radius: round(3 + Math.min(6, Math.log2(n))),
      severity,
      title: `${plural(n, "alert")}, ${severity}`,
    })),
  }));
  const height = lanes.length * LANE + FOOT;
  return {
    width: WIDTH,
    height,
    label: `Timeline: ${plural(timed.length, "alert")} on ${plural(hosts.size, "host")}, ${first} to ${last} ${zone.name}`,
    left: LEFT,
    right: WIDTH - RIGHT,
    lanes,
    footY: height - 6,
    from: `${first} ${zone.name}`,
    to: `${last} ${zone.name}`,
    notes: [
      ...(moreHosts > 0 ? [`Not drawn: ${plural(moreHosts, "more host")}.`] : []),
      ...(withoutTime > 0 ? [`Not drawn: ${plural(withoutTime, "alert")} without a time.`] : []),
    ],
  };
}

/** Host -> bucket -> what lies in it. */
function bucketsOf(alerts: readonly Marked[], from: number, to: number): Map<string, Map<number, { alerts: number; severity: Severity }>> {
  const hosts = new Map<string, Map<number, { alerts: number; severity: Severity }>>();
  for (const { host, ms, severity } of alerts) {
    let marks = hosts.get(host);
    if (marks === undefined) hosts.set(host, (marks = new Map()));
    const bucket = to === from ? 0 : Math.round(((ms - from) / (to - from)) * (BUCKETS - 1));
    const mark = marks.get(bucket);
    if (mark === undefined) marks.set(bucket, { alerts: 1, severity });
    else {
      mark.alerts++;
      if (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(mark.severity)) mark.severity = severity;
    }
  }
  return hosts;
}

/** A tenth of a unit is finer than what is drawn. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
