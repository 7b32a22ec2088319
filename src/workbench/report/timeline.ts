import { SEVERITIES, type Alert, type Severity } from "../../detect/index.ts";
import { html, type Html } from "./html.ts";
import { count, timeText } from "./text.ts";
import { visible } from "../visible.ts";

const WIDTH = 1000;
const LEFT = 170;
const RIGHT = 14;
const LANE = 26;
const MAX_LANES = 40;
/** Alerts nearer to each other than this many pixels are one mark, so a picture has a bounded size. */
const BUCKET = 8;

/** Alerts of a host as marks along the time; the worst severity of a mark colours it and its size tells how many it stands for. */
export interface Lane {
  readonly host: string;
  readonly marks: readonly { readonly x: number; readonly alerts: number; readonly severity: Severity }[];
}

export interface Lanes {
  /** Milliseconds since 1970 of the left and the right end. */
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
  /** Hosts beyond the bound. */
  readonly moreHosts: number;
  readonly withoutTime: number;
}

/** What a mark is made of. */
export interface Marked {
  readonly host: string;
  /** Milliseconds since 1970; NaN where there is no time. */
  readonly ms: number;
  readonly severity: Severity;
}

/** Puts alerts into lanes by host; `buckets` marks at most per lane, `x` from 0 to `buckets - 1`. */
export function lanesOf(alerts: readonly Marked[], buckets: number, maxLanes: number = MAX_LANES): Lanes | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { ms } of alerts) {
    if (ms < from) from = ms;
    if (ms > to) to = ms;
  }
  if (from === Infinity) return null;
  const hosts = new Map<string, Map<number, { alerts: number; severity: Severity }>>();
  let withoutTime = 0;
  for (const alert of alerts) {
    if (Number.isNaN(alert.ms)) {
      withoutTime++;
      continue;
    }
    let marks = hosts.get(alert.host);
    if (marks === undefined) hosts.set(alert.host, (marks = new Map()));
    const x = to === from ? 0 : Math.round(((alert.ms - from) / (to - from)) * (buckets - 1));
    const mark = marks.get(x);
    if (mark === undefined) marks.set(x, { alerts: 1, severity: alert.severity });
    else {
      mark.alerts++;
      if (SEVERITIES.indexOf(alert.severity) > SEVERITIES.indexOf(mark.severity)) mark.severity = alert.severity;
    }
  }
  const all = [...hosts].map(([host, marks]) => ({ host, marks: [...marks].map(([x, mark]) => ({ x, ...mark })) }));
  return { from, to, lanes: all.slice(0, maxLanes), moreHosts: Math.max(0, all.length - maxLanes), withoutTime };
}

export function timelineSvg(alerts: readonly Alert[]): Html {
  const span = WIDTH - LEFT - RIGHT;
  const buckets = Math.floor(span / BUCKET);
  const found = lanesOf(
    alerts.map(({ host, ms, rule }) => ({ host, ms, severity: rule.severity })),
    buckets,
  );
  if (found === null) return html`<p class="soft">No alert has a time.</p>`;
  const height = found.lanes.length * LANE + 34;
  const label = `${count(alerts.length)} alerts on ${count(found.lanes.length + found.moreHosts)} hosts`;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
      ${found.lanes.map(({ host, marks }, i) => {
        const y = 18 + i * LANE;
        const name = visible(host.slice(0, 26));
        return html`<text x="8" y="${y + 4}">${name === "" ? "(no host)" : name}</text>
          <line class="lane" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" />
          ${marks.map(
            ({ x, alerts: n, severity }) =>
              html`<circle
                class="${severity}"
                cx="${(LEFT + ((x + 0.5) * span) / buckets).toFixed(1)}"
                cy="${y}"
                r="${(3 + Math.min(6, Math.log2(n))).toFixed(1)}"
                ><title>${n === 1 ? "1 alert" : `${count(n)} alerts`}, ${severity}</title></circle
              >`,
          )}`;
      })}
      <text x="${LEFT}" y="${height - 6}">${isoText(found.from)}</text>
      <text x="${WIDTH - RIGHT}" y="${height - 6}" text-anchor="end">${isoText(found.to)}</text>
    </svg>
    ${found.moreHosts === 0 ? null : html`<p class="soft">${count(found.moreHosts)} more hosts are not drawn.</p>`}
    ${found.withoutTime === 0 ? null : html`<p class="soft">${count(found.withoutTime)} alerts have no time and are not drawn.</p>`}`;
}

/** The times of the events are hostile too: beyond what a date can be they stay numbers. */
function isoText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : timeText(date.toISOString());
}
