import type { TimeZone } from "../../../workbench/index.ts";
import { lanesPicture, lanesView, msAt, WORDS, type LaneAct, type PictureNode } from "../../../report/index.ts";
import { h, svg } from "../../dom.ts";
import { brushable } from "./brush.ts";

export interface LanesOptions {
  readonly width: number;
  readonly maxHosts: number;
  readonly zone: TimeZone;
  /** The ids of the acts behind an arrow. */
  readonly onAct: (ids: readonly string[]) => void;
  readonly onBrush: (from: number, until: number) => void;
}

/** What happened between hosts, as a picture that answers: a click on an act opens it, dragging chooses a stretch of time. */
export function lanes(acts: readonly LaneAct[], { width, maxHosts, zone, onAct, onBrush }: LanesOptions): HTMLElement {
  const view = lanesView(acts, { width, maxHosts, zone });
  if (view === null) return h("p", { class: "soft" }, WORDS.noTimes);
  const picture = elementOf(lanesPicture(view, (id) => `#act-${id}`)) as SVGSVGElement;
  picture.addEventListener("click", (event) => {
    const act = event.target instanceof Element ? event.target.closest<SVGElement>("[data-act]") : null;
    if (act === null) return;
    event.preventDefault();
    onAct((act.dataset["act"] ?? "").split(" "));
  });
  brushable(picture, view.width, ({ from, to }) => onBrush(msAt(view, from), msAt(view, to)));
  return h(
    "div",
    {},
    h("div", { class: "lanes-box" }, picture),
    view.notes.map((note) => h("p", { class: "soft" }, note)),
  );
}

function elementOf({ tag, attributes, children }: PictureNode): SVGElement {
  return svg(
    tag,
    attributes,
    children.map((child) => (typeof child === "string" ? child : elementOf(child))),
  );
}
