import type { Terminal } from "./output/terminal.ts";

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
    const parts = [bytes(done), `${count(events)} events`, `${count(Math.round(rate))} events/s`];
    if (total !== undefined && total > 0) {
      parts[0] = `${bytes(done)} of ${bytes(total)} (${Math.floor((100 * done) / total)} %)`;
      const left = done > 0 ? (seconds * (total - done)) / done : 0;
      if (seconds > 1) parts.push(`${duration(left)} left`);
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

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = n / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** 12,345 */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
