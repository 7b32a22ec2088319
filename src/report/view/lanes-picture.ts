/** The picture of the lanes as elements of SVG in plain data, so that a page without script and one with it draw the same. */
import type { LanesView } from "./lanes.ts";

/** An element with its attributes; a text stands for itself. */
export interface PictureNode {
  readonly tag: "svg" | "g" | "a" | "text" | "line" | "circle" | "path" | "rect" | "title";
  readonly attributes: { readonly [name: string]: string | number };
  readonly children: readonly (PictureNode | string)[];
}

/** From one line of a label to the next. */
const LINE = 15;

/** @param link where an act is told in words, by its id. */
export function lanesPicture(view: LanesView, link: (id: string) => string): PictureNode {
  const { width, height, label, left, right, lanes, arrows, folds, ticks, foldY, footY } = view;
  const bottom = lanes.at(-1)!.y;
  return node("svg", { class: "lanes", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label }, [
    ...folds.flatMap(({ x, text }) => [
      node("path", { class: "fold", d: foldPath(x, 8, bottom + 12) }, [node("title", {}, [text])]),
      node("text", { class: "fold-text", x, y: foldY, "text-anchor": "middle" }, [text]),
    ]),
    ...lanes.flatMap(({ y, name, title, isRest }) => [
      node("line", { class: isRest ? "lane rest" : "lane", x1: left, x2: right, y1: y, y2: y }),
      node("text", { class: "host", x: 4, y: y + 4 }, [node("title", {}, [title]), name]),
    ]),
    ...arrows.map(({ ids, x, fromY, toY, severity, isApart, mark, title, label: words }) =>
      node("a", { class: `act ${severity}${isApart ? " apart" : ""}`, href: link(ids[0]!), "data-act": ids.join(" ") }, [
        node("title", {}, [title]),
        ...(fromY === toY
          ? []
          : [node("line", { x1: x, x2: x, y1: fromY, y2: toY }), node("path", { class: "head", d: headPath(x, fromY, toY) })]),
        node("circle", { cx: x, cy: fromY, r: 8.5 }),
        node("text", { class: "mark", x, y: fromY + 3.5, "text-anchor": "middle" }, [mark]),
        ...(words?.lines.map((line, i) => node("text", { class: "words", x: words.x, y: words.y + i * LINE }, [line])) ?? []),
      ]),
    ),
    ...ticks.map(({ x, text, anchor }) => node("text", { class: "tick", x, y: footY, "text-anchor": anchor }, [text])),
  ]);
}

function node(tag: PictureNode["tag"], attributes: PictureNode["attributes"], children: PictureNode["children"] = []): PictureNode {
  return { tag, attributes, children };
}

/** The head of an arrow, its point on the lane it goes to. */
function headPath(x: number, fromY: number, toY: number): string {
  const back = toY > fromY ? toY - 9 : toY + 9;
  return `M${x} ${toY}L${x - 5} ${back}L${x + 5} ${back}Z`;
}

/** A torn edge from the top to the bottom. */
function foldPath(x: number, top: number, bottom: number): string {
  let path = `M${x} ${top}`;
  for (let y = top + 6, i = 0; y <= bottom; y += 6, i++) path += `L${x + (i % 2 === 0 ? 3 : -3)} ${y}`;
  return path;
}
