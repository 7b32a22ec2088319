/** Who logged on from where: logons counted by what they have in common. */
import { createNormaliser } from "../../ecs/index.ts";
import type { LogRecord, Problem, Sink } from "../../readers/index.ts";
import { EventScope, NOT_NARROWED, type EventNarrowing, type EventsLeftOut } from "../narrowing/event-narrowing.ts";
import { TimeSpan } from "../hunt/time-span.ts";
import { logonOf, type Logon } from "./logon.ts";

/** What logons can be grouped by, in the order of a table. */
export const LOGON_FIELDS = ["user", "domain", "source", "host", "type", "outcome"] as const satisfies readonly (keyof Logon)[];
export type LogonField = (typeof LOGON_FIELDS)[number];

/** Logons that have the same values in the fields they are grouped by, in any case of letters. */
export interface LogonGroup {
  /** As the first of them writes them, in the order of the fields. */
  readonly values: readonly string[];
  readonly events: number;
  /** In UTC; null where none has a time. */
  readonly first: string | null;
  readonly last: string | null;
}

export interface LogonOptions {
  /** What to group by; all fields otherwise. */
  readonly fields?: readonly LogonField[];
  readonly narrowing?: EventNarrowing;
  /** Most groups kept. Default 100,000. */
  readonly maxGroups?: number;
}

/** A sink for the readers. Memory grows with groups, of which there is a bound. */
export class LogonCounts implements Sink {
  readonly #normaliser = createNormaliser();
  readonly #fields: readonly LogonField[];
  readonly #maxGroups: number;
  readonly #scope: EventScope;
  readonly #span = new TimeSpan();
  readonly #groups = new Map<string, { readonly values: readonly string[]; readonly span: TimeSpan; events: number }>();
  events = 0;
  /** Events about logons. */
  logons = 0;
  /** Logons of further groups, which found no room. */
  notCounted = 0;

  constructor({ fields = LOGON_FIELDS, narrowing = NOT_NARROWED, maxGroups = 100_000 }: LogonOptions = {}) {
    this.#fields = fields;
    this.#maxGroups = maxGroups;
    this.#scope = new EventScope(narrowing);
  }

  record(record: LogRecord): void {
    this.events++;
    const { event } = this.#normaliser.normalise(record);
    this.#span.add(event["@timestamp"]);
    const logon = this.#scope.takesEvent(event) ? logonOf(event) : null;
    if (logon === null) return;
    this.logons++;
    const values = this.#fields.map((field) => logon[field]);
    const key = values.join("\n").toLowerCase();
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= this.#maxGroups) {
        this.notCounted++;
        return;
      }
      this.#groups.set(key, (group = { values, span: new TimeSpan(), events: 0 }));
    }
    group.events++;
    group.span.add(event["@timestamp"]);
  }

  problem(_problem: Problem): void {}

  /** Events that were not asked for. */
  get leftOut(): EventsLeftOut {
    return this.#scope.leftOut;
  }

  /** Times of the oldest and the newest of all events. */
  get firstEvent(): string | null {
    return this.#span.first;
  }

  get lastEvent(): string | null {
    return this.#span.last;
  }

  /** Most events first. */
  groups(): LogonGroup[] {
    return [...this.#groups.values()]
      .map(({ values, span, events }) => ({ values, events, first: span.first, last: span.last }))
      .sort((a, b) => b.events - a.events || ((a.first ?? "") < (b.first ?? "") ? -1 : 1));
  }
}
