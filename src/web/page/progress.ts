import { h } from "../dom.ts";
import { byteText, count, plural } from "../../report/index.ts";
import type { Progress } from "../protocol.ts";

/** A bar with what was read, and the button that stops it. */
export class ProgressView {
  readonly element: HTMLElement;
  readonly #bar = h("progress", { max: 1000, "aria-label": "Bytes read" });
  readonly #line = h("span", { class: "progress-line" });
  readonly #button: HTMLButtonElement;
  #begun = 0;

  constructor(onCancel: () => void) {
    this.#button = h("button", { type: "button", onclick: () => this.#cancel(onCancel) }, "Cancel");
    this.element = h("div", { class: "bench-progress", hidden: true }, this.#bar, this.#button, this.#line);
  }

  start(what: string): void {
    this.#begun = performance.now();
    this.#bar.value = 0;
    this.#line.textContent = what;
    this.#button.disabled = false;
    this.#button.textContent = "Cancel";
    this.element.hidden = false;
  }

  update(progress: Progress): void {
    const { bytesDone, bytesTotal, events, alerts, filesDone, filesTotal } = progress;
    this.#bar.value = bytesTotal === 0 ? 0 : (1000 * bytesDone) / bytesTotal;
    const seconds = Math.max(0.001, (performance.now() - this.#begun) / 1000);
    const parts = [
      `${byteText(bytesDone)} of ${byteText(bytesTotal)}`,
      plural(events, "event"),
      `${count(Math.round(events / seconds))} events/s`,
      ...(alerts > 0 ? [plural(alerts, "alert")] : []),
      ...(filesTotal > 1 ? [`file ${count(filesDone + 1)} of ${count(filesTotal)}`] : []),
    ];
    this.#line.textContent = parts.join(" · ");
  }

  stop(): void {
    this.element.hidden = true;
  }

  #cancel(onCancel: () => void): void {
    this.#button.disabled = true;
    this.#button.textContent = "Stopping …";
    onCancel();
  }
}
