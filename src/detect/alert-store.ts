import { makeAlert, type Alert, type Entities, type RuleMatch } from "./alert.ts";
import type { Observed } from "./observed.ts";
import type { RunnableRule } from "./rule.ts";
import { weightOf } from "./weight.ts";

/** Where what alerts consist of goes when memory is full: the command line gives a temporary file. */
export interface AlertSpill {
  /** Takes plain data; returns where it lies. */
  put(value: unknown): number;
  get(at: number): unknown;
}

/** What events of alerts weigh that are held in memory: some thousands of small ones, up to about fifty megabytes. */
const HELD_ALERT_WEIGHT = 5_000_000;

/**
 * Makes alerts. The first ones are held whole; of further ones memory has what they are ordered and tied together by, and the rest is read
 * from the spill when it is asked for.
 */
export class AlertStore {
  readonly #spill: SpillReader | null;
  readonly #most: number;
  #weight = 0;
  #last: Observed | null = null;
  #lastAt = 0;
  readonly #texts = new Map<string, string>();
  readonly #entities = new Map<string, Entities>();

  /** @param most the weight of events that are held (see `weightOf`), where there is a spill */
  constructor(spill: AlertSpill | null, most = HELD_ALERT_WEIGHT) {
    this.#spill = spill === null ? null : new SpillReader(spill);
    this.#most = most;
  }

  /** @param id `matchId`, made unique among the alerts that are kept together. */
  make(match: RuleMatch, id: string): Alert {
    const alert = makeAlert(match, id);
    const spill = this.#spill;
    if (spill === null) return alert;
    if (this.#weight <= this.#most) {
      // Rules that match one event share it.
      for (const observed of alert.events) if (observed !== null && observed !== this.#last) this.#weight += weightOf(observed.event);
      this.#last = alert.events.at(-1) ?? null;
      if (this.#weight > this.#most) this.#last = null;
      return alert;
    }
    const { time, title, who, what, keys, count, row, events } = alert;
    const at = spill.put({ id, time, title, who, what, keys, count, row, events: events.map((observed) => this.#put(spill, observed)) });
    return new SpilledAlert(spill, at, alert, this.#shared(this.#texts, alert.host, alert.host), this.#sharedEntities(alert.entities));
  }

  #put(spill: SpillReader, observed: Observed | null): number | null {
    if (observed === null) return null;
    if (observed !== this.#last) {
      this.#lastAt = spill.put(observed);
      this.#last = observed;
    }
    return this.#lastAt;
  }

  #sharedEntities(entities: Entities): Entities {
    return this.#shared(this.#entities, JSON.stringify(entities), entities);
  }

  /** The equal value of an alert before, so that there is one of it. */
  #shared<T>(known: Map<string, T>, key: string, value: T): T {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MAX_SHARED) known.clear();
    known.set(key, value);
    return value;
  }
}

const MAX_SHARED = 10_000;

/** What lies in the spill of an alert; its events lie there by themselves. */
interface Spilled extends Pick<Alert, "id" | "time" | "title" | "who" | "what" | "keys" | "count" | "row"> {
  readonly events: readonly (number | null)[];
}

/** Keeps what was read last: several things are asked of one alert, and several alerts are of one event. */
class SpillReader {
  readonly #spill: AlertSpill;
  readonly #recent = new Map<number, unknown>();

  constructor(spill: AlertSpill) {
    this.#spill = spill;
  }

  put(value: unknown): number {
    return this.#spill.put(value);
  }

  get(at: number): unknown {
    let value = this.#recent.get(at);
    if (value === undefined) {
      value = this.#spill.get(at);
      if (this.#recent.size >= RECENT) this.#recent.clear();
      this.#recent.set(at, value);
    }
    return value;
  }
}

const RECENT = 64;

class SpilledAlert implements Alert {
  readonly rule: RunnableRule;
  readonly ms: number;
  readonly ns: number;
  readonly host: string;
  readonly entities: Entities;
  readonly #spill: SpillReader;
  readonly #at: number;

  constructor(spill: SpillReader, at: number, { rule, ms, ns }: Alert, host: string, entities: Entities) {
    this.#spill = spill;
    this.#at = at;
    this.rule = rule;
    this.ms = ms;
    this.ns = ns;
    this.host = host;
    this.entities = entities;
  }

  get #spilled(): Spilled {
    return this.#spill.get(this.#at) as Spilled;
  }

  get id(): string {
    return this.#spilled.id;
  }

  get time(): string | null {
    return this.#spilled.time;
  }

  get title(): string {
    return this.#spilled.title;
  }

  get who(): string {
    return this.#spilled.who;
  }

  get what(): string {
    return this.#spilled.what;
  }

  get keys(): readonly unknown[] {
    return this.#spilled.keys;
  }

  get count(): number | undefined {
    return this.#spilled.count;
  }

  get row(): Alert["row"] {
    return this.#spilled.row;
  }

  get events(): readonly (Observed | null)[] {
    return this.#spilled.events.map((at) => (at === null ? null : (this.#spill.get(at) as Observed)));
  }
}
