import { cutText } from "../report/index.ts";
import { visible, visibleLines } from "../workbench/index.ts";
import { h } from "./dom.ts";

/** A value of a log may be a megabyte; so many characters of it are shown where nothing else is asked for. */
const MAX_TEXT = 2_000;

/** Log text as an element: what would hide or reorder text is spelt out, its direction stays its own, and a long one is cut with a note. */
export function logText(text: string, max: number = MAX_TEXT): HTMLElement {
  const { shown, note } = cutText(text, max);
  return h("bdi", {}, visible(shown), note !== "" && h("span", { class: "cut" }, note));
}

/** The same for a text of several lines that is already within its bound, to stand in a `pre`. */
export function logLines(text: string): HTMLElement {
  return h("bdi", {}, visibleLines(text));
}
