import { timelineView, WORDS, type AlertView } from "../../report/index.ts";
import { h, svg } from "../dom.ts";

const MAX_LANES = 12;

/** Alerts along the time, a lane for each host. */
export function timeline(alerts: readonly AlertView[]): HTMLElement {
  const view = timelineView(alerts, MAX_LANES);
  if (view === null) return h("p", { class: "soft" }, WORDS.noTimes);
  const { width, height, label, left, right, lanes, footY, from, to, notes } = view;
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "timeline", role: "img", "aria-label": label },
    lanes.map(({ y, name, marks }) => [
      svg("text", { x: 8, y: y + 4 }, name),
      svg("line", { class: "lane", x1: left, x2: right, y1: y, y2: y }),
      marks.map(({ x, radius, severity, title }) => svg("circle", { class: severity, cx: x, cy: y, r: radius }, svg("title", {}, title))),
    ]),
    svg("text", { x: left, y: footY }, from),
    svg("text", { x: right, y: footY, "text-anchor": "end" }, to),
  );
  return h(
    "div",
    {},
    picture,
    notes.map((note) => h("p", { class: "soft" }, note)),
  );
}
