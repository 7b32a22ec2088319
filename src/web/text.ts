import { visible } from "../workbench/index.ts";
import { h } from "./dom.ts";

/** A value of a log may be a megabyte; a cell shows so many characters of it and says how many there were. */
const MAX_SHOWN = 2_000;

/** Cuts a text, never between the halves of a pair; the note tells its whole length. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\uD800-\uDBFF]/.test(text[max - 1] ?? "") ? max - 1 : max;
  return `${text.slice(0, end)} … (cut: ${count(text.length)} characters)`;
}

/** Log text as an element: what would hide or reorder text is spelt out, and its direction stays its own. */
export function logText(text: string, max: number = MAX_SHOWN): HTMLElement {
  return h("bdi", {}, visible(cut(text, max)));
}

/** 12,345 */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

export function byteText(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `2026-03-04 09:15:00.123`; what is no time stays as it is. */
export function timeText(time: string | null): string {
  if (time === null) return "(no time)";
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(time);
  return match === null ? time : `${match[1]} ${match[2]}${match[3] ?? ""}`;
}
