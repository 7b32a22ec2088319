import type { Severity } from "../../workbench/index.ts";
import { h } from "../dom.ts";
import { logText } from "../log-text.ts";

export function severityMark(severity: Severity): HTMLElement {
  return h("span", { class: `severity ${severity}` }, severity);
}

/** A button that copies, and says so for a moment. @param question asked first: a second click answers it */
export function copyButton(label: string, text: () => string, question: string | null = null): HTMLButtonElement {
  const button = h("button", { type: "button", class: "quiet" }, label);
  let isAsked = question === null;
  button.addEventListener("click", () => {
    if (!isAsked && question !== null) {
      isAsked = true;
      button.textContent = question;
      button.classList.add("danger");
      return;
    }
    isAsked = question === null;
    button.classList.remove("danger");
    void navigator.clipboard.writeText(text()).then(
      () => flash(button, "Copied", label),
      () => flash(button, "The browser refuses to copy", label),
    );
  });
  return button;
}

function flash(button: HTMLButtonElement, text: string, label: string): void {
  button.textContent = text;
  setTimeout(() => (button.textContent = label), 1500);
}

/** Longer texts fill more than two lines of a column. */
const CLAMPED = 120;

/** Text of a log in a cell: of a long one two lines, and a button for the rest. */
export function clamped(text: string, max?: number): HTMLElement {
  const shown = logText(text, max);
  if (text.length <= CLAMPED) return shown;
  const box = h("div", { class: "clamped" }, shown);
  const toggle = h("button", { type: "button", class: "unclamp", "aria-expanded": "false" }, "Show all");
  toggle.addEventListener("click", () => {
    const isOpen = box.classList.toggle("whole");
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.textContent = isOpen ? "Show less" : "Show all";
  });
  return h("div", {}, box, toggle);
}

/** What stands where there is nothing yet, with what to do next. */
export function emptyState(text: string, ...next: readonly Node[]): HTMLElement {
  return h("div", { class: "empty" }, h("p", {}, text), next.length > 0 && h("p", { class: "row" }, next));
}

/** Hands a file to the browser's downloads. */
export function download(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  // The browser reads it after the click; a minute is long enough for it to have begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Wide content scrolls by itself, by keyboard too, and the page does not. */
export function scroller(label: string, ...children: readonly Node[]): HTMLElement {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, children);
}

/** On a phone each row is a card whose cells carry their headings. @param rows of one cell for each heading */
export function table(headings: readonly string[], rows: readonly HTMLTableRowElement[]): HTMLTableElement {
  for (const row of rows)
    for (const [i, cell] of [...row.children].entries()) if (headings[i] !== "") cell.setAttribute("data-label", headings[i] ?? "");
  return h(
    "table",
    { class: "cards" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        headings.map((heading, i) => h("th", { scope: "col", class: isNumber(rows[0], i) ? "number" : null }, heading)),
      ),
    ),
    h("tbody", {}, rows),
  );
}

function isNumber(row: HTMLTableRowElement | undefined, column: number): boolean {
  return row?.children[column]?.getAttribute("class") === "number";
}
