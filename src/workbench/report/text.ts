import { html, type Html } from "./html.ts";
import { visible } from "../visible.ts";

/** A value of a log may be a megabyte; a report shows so many characters of it and says how many there were. */
const MAX_VALUE = 2_000;

/** Log text on a page: characters that hide or reorder text are spelt out, a long value is cut with a note. */
export function logText(text: string, max: number = MAX_VALUE): Html {
  if (text.length <= max) return html`<bdi>${visible(text)}</bdi>`;
  // Cut before it is spelt out, and never between the halves of a pair.
  const end = /[\uD800-\uDBFF]/.test(text[max - 1]!) ? max - 1 : max;
  return html`<bdi>${visible(text.slice(0, end))}</bdi
    ><span class="cut"> … cut: the first ${count(end)} of ${count(text.length)} characters</span>`;
}

/** 12,345 */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

export function byteText(n: number): string {
  let value = n;
  let unit = 0;
  const units = ["B", "kB", "MB", "GB", "TB"];
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
