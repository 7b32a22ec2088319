/** What a hunt counts of every event, whether a rule needs it or not. */
import type { Normalised } from "../../ecs/index.ts";
import { TimeSpan } from "./time-span.ts";
import { unmappedKind, UnmappedCounts, type UnmappedCount, type UnmappedKind } from "./unmapped.ts";

/** Events of one kind: a data source and an event id (`event.code`; empty where the event has none). */
export interface KindCount {
  readonly source: string;
  readonly code: string;
  readonly events: number;
}

/** What is counted of an event, without its time. */
export interface EventKind {
  readonly source: string;
  readonly code: string;
  /** Null where the record is of a known log source. */
  readonly unmapped: UnmappedKind | null;
}

/** The fields that are counted, or that say how. */
export const COUNTED_FIELDS: readonly string[] = ["@timestamp", "event.code", "event.provider", "winlog.provider_name"];

export function eventKind({ source, event, unmapped }: Normalised): EventKind {
  return { source, code: codeOf(event), unmapped: unmapped ? unmappedKind(event) : null };
}

/** The event id, as kinds have it. */
export function codeOf({ event }: Normalised["event"]): string {
  const code =
    typeof event === "object" && event !== null && !Array.isArray(event) && Object.hasOwn(event, "code") ? event["code"] : undefined;
  return typeof code === "string" ? code : typeof code === "number" ? String(code) : "";
}

/** Hostile input could name a new event id in every record. */
const MAX_KINDS = 10_000;

export class EventTally {
  events = 0;
  readonly span = new TimeSpan();
  readonly #sources = new Map<string, number>();
  /** Source -> event id -> events: two look-ups and no text is put together per event. */
  readonly #kinds = new Map<string, Map<string, number>>();
  #kindCount = 0;
  readonly #unmapped = new UnmappedCounts();
  readonly #onNotCounted: (events: number) => void;

  /** @param onNotCounted events are of more kinds than are counted apart. */
  constructor(onNotCounted: (events: number) => void) {
    this.#onNotCounted = onNotCounted;
  }

  add(normalised: Normalised): void {
    this.#count(normalised.source, codeOf(normalised.event), 1);
    this.span.add(normalised.event["@timestamp"]);
    if (normalised.unmapped) this.#unmapped.add(normalised.event);
  }

  /** So many events of a kind; none only gives it its place among the kinds. Their times are the business of `span`. */
  addKind({ source, code, unmapped }: EventKind, times: number): void {
    this.#count(source, code, times);
    if (unmapped !== null) this.#unmapped.addKind(unmapped, times);
  }

  #count(source: string, code: string, times: number): void {
    this.events += times;
    this.#sources.set(source, (this.#sources.get(source) ?? 0) + times);
    let codes = this.#kinds.get(source);
    if (codes === undefined) this.#kinds.set(source, (codes = new Map()));
    const known = codes.get(code);
    if (known !== undefined) codes.set(code, known + times);
    else if (this.#kindCount < MAX_KINDS) {
      this.#kindCount++;
      codes.set(code, times);
    } else this.#onNotCounted(times);
  }

  /** Most first. */
  sources(): { readonly source: string; readonly events: number }[] {
    return [...this.#sources]
      .map(([source, events]) => ({ source, events }))
      .sort((a, b) => b.events - a.events || (a.source < b.source ? -1 : 1));
  }

  /** Most first. */
  kinds(): KindCount[] {
    return [...this.#kinds]
      .flatMap(([source, codes]) => [...codes].map(([code, events]) => ({ source, code, events })))
      .sort((a, b) => b.events - a.events);
  }

  unmapped(): UnmappedCount[] {
    return this.#unmapped.list();
  }
}
