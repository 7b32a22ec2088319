import type { Severity } from "../../workbench/index.ts";
import { h } from "../dom.ts";

export function severityMark(severity: Severity): HTMLElement {
  return h("span", { class: `severity ${severity}` }, severity);
}

/** A button that copies, and says so for a moment. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "quiet" }, label);
  button.addEventListener("click", () => {
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

export function table(headings: readonly string[], rows: readonly Node[]): HTMLTableElement {
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        headings.map((heading) => h("th", { scope: "col" }, heading)),
      ),
    ),
    h("tbody", {}, rows),
  );
}
