import { byteText, count, durationText, plural } from "../../report/index.ts";
import type { Terminal } from "./terminal.ts";

/** One line on stderr, rewritten at most ten times a second, only on a terminal, gone when the work is done. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #start = performance.now();
  #shown = 0;
  #drawn = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** `total` bytes may be unknown (stdin): then there is no estimate. */
  update(done: number, total: number | undefined, events: number): void {
    if (!this.#terminal.isTty) return;
    const now = performance.now();
    if (now - this.#shown < 100) return;
    this.#shown = now;
    const seconds = (now - this.#start) / 1000;
    const rate = events / Math.max(seconds, 0.001);
    const parts = [byteText(done), plural(events, "event"), `${count(Math.round(rate))} events/s`];
    if (total !== undefined && total > 0) {
      parts[0] = `${byteText(done)} of ${byteText(total)} (${Math.floor((100 * done) / total)} %)`;
      const left = done > 0 ? (seconds * (total - done)) / done : 0;
      if (seconds > 1) parts.push(`${durationText(left)} left`);
    }
    const line = parts.join(", ");
    this.#terminal.write(`\r\u001b[K${line.slice(0, (this.#terminal.width ?? 80) - 1)}`);
    this.#drawn = true;
  }

  clear(): void {
    if (this.#drawn) this.#terminal.write("\r\u001b[K");
    this.#drawn = false;
  }
}
