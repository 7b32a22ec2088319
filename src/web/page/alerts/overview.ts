/** Alerts along the time, and what has the most of them: pictures and lists that choose. */
import type { TimeZone } from "../../../workbench/index.ts";
import { count, histogramOf, plural, WORDS, type ListedAlert } from "../../../report/index.ts";
import { h, svg } from "../../dom.ts";
import { logText } from "../../log-text.ts";
import { brushable } from "./brush.ts";
import type { Top } from "./rows.ts";

const WIDTH = 600;
const HEIGHT = 72;

/** Bars along the time. Dragging chooses a stretch; a bar is a button, so the keyboard chooses one, too. */
export function histogram(
  alerts: readonly ListedAlert[],
  zone: TimeZone,
  onBrush: (from: number, until: number) => void,
): HTMLElement | null {
  const found = histogramOf(alerts, zone);
  if (found === null) return null;
  const { bars, each } = found;
  const most = bars.reduce((max, bar) => Math.max(max, bar.alerts), 1);
  const wide = WIDTH / bars.length;
  const picture = svg(
    "svg",
    {
      class: "histogram-bars",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "group",
      "aria-label": `${WORDS.overTime}: ${each} a bar`,
    },
    bars.map(({ name, alerts: n, worst, from, until }, i) => {
      if (worst === null) return null;
      const high = Math.max(2, Math.round((n / most) * (HEIGHT - 4)));
      const title = `${name}: ${plural(n, "alert")}, ${worst}`;
      return svg(
        "a",
        {
          class: worst,
          href: "#",
          "aria-label": title,
          onclick: (event: MouseEvent) => {
            event.preventDefault();
            onBrush(from, until - 1);
          },
        },
        svg("title", {}, title),
        svg("rect", { x: i * wide + 0.5, y: HEIGHT - high, width: Math.max(1, wide - 1), height: high }),
      );
    }),
  );
  const timeAt = (x: number): number => {
    const at = Math.min(bars.length - 1, Math.max(0, Math.floor(x / wide)));
    const { from, until } = bars[at]!;
    return from + (until - from) * Math.min(1, Math.max(0, x / wide - at));
  };
  brushable(picture, WIDTH, ({ from, to }) => onBrush(timeAt(from), timeAt(to)));
  return h(
    "div",
    { class: "over-time" },
    h("p", { class: "overview-title" }, `${WORDS.overTime} (${zone.name}, ${each} a bar)`),
    picture,
    h("p", { class: "over-time-ends" }, h("span", {}, bars[0]!.name), h("span", {}, bars.at(-1)!.name)),
  );
}

/** Names with how many alerts each has; a click chooses one. */
export function topList(title: string, tops: readonly Top[], chosen: string | null, onChoose: (name: string | null) => void): HTMLElement {
  return h(
    "div",
    { class: "top" },
    h("p", { class: "overview-title" }, title),
    h(
      "ul",
      {},
      tops.map((top) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", "aria-pressed": String(top.name === chosen), onclick: () => onChoose(top.name === chosen ? null : top.name) },
            h("span", { class: `dot ${top.worst}`, "aria-hidden": "true" }),
            h("span", { class: "top-name" }, logText(top.title, 80)),
            h("span", { class: "top-count" }, count(top.alerts)),
          ),
        ),
      ),
    ),
  );
}
