import type { Host } from "./event.ts";

/** The record ids of one event log, which each machine counts on its own. */
export class RecordIds {
  readonly #last = new Map<string, number>();
  readonly #before: (host: Host) => number;

  /** @param before the id of the last record before the lab, so that no log begins at 1 */
  constructor(before: (host: Host) => number) {
    this.#before = before;
  }

  next(host: Host): number {
    const id = (this.#last.get(host.name) ?? this.#before(host)) + 1;
    this.#last.set(host.name, id);
    return id;
  }
}
