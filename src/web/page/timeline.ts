import { h, svg } from "../dom.ts";
import { count, plural, timeText } from "../text.ts";
import { lanesOf, visible } from "../../workbench/index.ts";
import type { AlertRow } from "../protocol.ts";

const WIDTH = 1000;
const LEFT = 150;
const RIGHT = 12;
const LANE = 22;
const BUCKETS = 160;
const MAX_LANES = 12;

/** Alerts along the time, a lane for each host; marks are buckets, so that the picture stays small whatever was found. */
export function timeline(alerts: readonly AlertRow[]): HTMLElement {
  const found = lanesOf(alerts, BUCKETS, MAX_LANES);
  if (found === null) return h("p", { class: "soft" }, "No alert has a time.");
  const { lanes, from, to, moreHosts, withoutTime } = found;
  const height = lanes.length * LANE + 28;
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      class: "timeline",
      role: "img",
      "aria-label": `Timeline: ${plural(alerts.length - withoutTime, "alert")} on ${plural(lanes.length + moreHosts, "host")}, ${isoText(from)} to ${isoText(to)}`,
    },
    lanes.flatMap(({ host, marks }, i) => {
      const y = 14 + i * LANE;
      const name = visible(host.length > 22 ? `${host.slice(0, 21)}…` : host);
      return [
        svg("text", { x: 8, y: y + 4 }, name === "" ? "(no host)" : name),
        svg("line", { class: "lane", x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }),
        marks.map(({ x, alerts: n, severity }) =>
          svg(
            "circle",
            {
              class: severity,
              cx: (LEFT + ((x + 0.5) * (WIDTH - LEFT - RIGHT)) / BUCKETS).toFixed(1),
              cy: y,
              r: (3 + Math.min(6, Math.log2(n))).toFixed(1),
            },
            svg("title", {}, `${plural(n, "alert")}, ${severity}`),
          ),
        ),
      ];
    }),
    svg("text", { x: LEFT, y: height - 6 }, isoText(from)),
    svg("text", { x: WIDTH - RIGHT, y: height - 6, "text-anchor": "end" }, isoText(to)),
  );
  const notes = [
    ...(moreHosts > 0 ? [`${count(moreHosts)} more hosts are not drawn`] : []),
    ...(withoutTime > 0 ? [`${count(withoutTime)} alerts have no time`] : []),
  ];
  return h("div", {}, picture, notes.length > 0 && h("p", { class: "soft" }, notes.join("; "), "."));
}

function isoText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : timeText(date.toISOString());
}
