/**
 * The part of a hunt that can be done anywhere, file by file: events are normalised and held against every filter of every rule. What comes out
 * are batches of plain data, from which `Hunt.scanned` goes on as if it had read the records itself.
 */
import { ecsSchema } from "../../catalog/index.ts";
import { nestedAccess, Plan, weightOf, type RuleFaultCode } from "../../detect/index.ts";
import { createNormaliser, type Normalised } from "../../ecs/index.ts";
import { readInstant, type EventFilter, type Instant } from "../../eql/index.ts";
import type { LogLocation, LogRecord, Problem } from "../../readers/index.ts";
import { EventScope, type EventNarrowing, type ScopeVerdict } from "../narrowing/event-narrowing.ts";
import type { EventSettler, RecordSink } from "../reading/reading.ts";
import { askedFields } from "./asked-fields.ts";
import type { RecordSecrets } from "../reading/record-hash.ts";
import { RecordIdentity, type Identity } from "../reading/record-identity.ts";
import { EventPrefilter } from "./event-prefilter.ts";
import { LogPrefilter } from "./log-prefilter.ts";
import { eventKind, type EventKind } from "./event-tally.ts";

/** What a scan has to know of its hunt: plain data. */
export interface ScanSettings {
  /** The filters of all rules, in the hunt's order. */
  readonly filters: readonly EventFilter[];
  readonly now: number | null;
  readonly strictElastic: boolean;
  readonly timestampFields: readonly string[];
  readonly narrowing: EventNarrowing;
  /** Events that do not fit the narrowing are not held against the filters. */
  readonly skipsEvents: boolean;
  /** The time that each filter takes is estimated. */
  readonly timed: boolean;
  /** Documents need not be made where some of their fields say that no rule needs them. */
  readonly fastPath: boolean;
  /** Null where copies of records are not looked for. */
  readonly secrets: RecordSecrets | null;
}

/** A condition that could not be computed. */
export interface FilterFault {
  readonly filter: number;
  readonly code: RuleFaultCode;
}

/** An event that a rule needs. */
export interface ScannedEvent {
  /** Its number among the records of the batch. */
  readonly at: number;
  readonly observed: Normalised;
  /** Numbers of the filters that match, ascending. */
  readonly matches: readonly number[];
  readonly faults: readonly FilterFault[];
}

/** Records that follow one another in a file. */
export interface EventBatch {
  readonly records: number;
  readonly kinds: readonly (EventKind & { readonly scope: ScopeVerdict })[];
  /** Of each record its kind, and its time: milliseconds since 1970 (NaN: none) and nanoseconds within. */
  readonly kindOf: Uint16Array;
  readonly millis: Float64Array;
  readonly nanos: Uint32Array;
  /** Of each record what names it, four numbers each (`Identity`); empty where copies are not looked for. */
  readonly identities: Int32Array;
  /** Files and members of archives that begin, with the number of their first record. */
  readonly files: readonly { readonly at: number; readonly name: string }[];
  readonly events: readonly ScannedEvent[];
  readonly problems: readonly Problem[];
  /** Roughly how many bytes it takes. */
  readonly weight: number;
}

/** The batch of a part of a file, with the lines counted from the beginning of the file. @param before how many lines come before the part */
export function withLinesFrom(batch: EventBatch, before: number): EventBatch {
  if (before === 0) return batch;
  const shifted = <T extends { readonly place: LogLocation }>(one: T): T =>
    one.place.line === undefined ? one : { ...one, place: { ...one.place, line: one.place.line + before } };
  return {
    ...batch,
    events: batch.events.map((event) => ({ ...event, observed: shifted(event.observed) })),
    problems: batch.problems.map(shifted),
  };
}

/** By scope, data source and event id. */
type KindNumbers = Readonly<Record<ScopeVerdict | "unmapped", Map<string, Map<string, number>>>>;
const noKinds = (): KindNumbers => ({ fits: new Map(), outside: new Map(), "without-time": new Map(), unmapped: new Map() });

const MAX_RECORDS = 4_096;
const MAX_WEIGHT = 2_000_000;
/** Of a record in the columns; of a problem or a file; of a character of an event. */
const RECORD_WEIGHT = 32;
const ENTRY_WEIGHT = 512;
const CHARACTER_WEIGHT = 3;

export class EventScan implements RecordSink {
  /** What could not be computed of the rules themselves. */
  readonly faults: readonly FilterFault[];
  readonly #settings: ScanSettings;
  readonly #emit: (batch: EventBatch) => void;
  readonly #normaliser;
  readonly #scope: EventScope;
  readonly #plan: Plan;
  readonly #identity: RecordIdentity | null;
  readonly #at: Instant = { millis: 0, nanos: 0 };
  /** Since the last event that was tested. */
  readonly #found: FilterFault[] = [];
  readonly #kindOf = new Uint16Array(MAX_RECORDS);
  readonly #millis = new Float64Array(MAX_RECORDS);
  readonly #nanos = new Uint32Array(MAX_RECORDS);
  readonly #identities: Int32Array;
  #prefilter: EventPrefilter | null = null;
  readonly #logPrefilter: LogPrefilter | null;
  /** Numbers of `#kinds`: no text is put together for an event of a known kind. */
  #kindNumbers = noKinds();
  #kinds: EventBatch["kinds"][number][] = [];
  #files: EventBatch["files"][number][] = [];
  #events: ScannedEvent[] = [];
  #problems: Problem[] = [];
  #records = 0;
  #weight = 0;

  /** @param clock where filters are timed. */
  constructor(settings: ScanSettings, clock: () => number, emit: (batch: EventBatch) => void) {
    this.#settings = settings;
    this.#emit = emit;
    this.#scope = new EventScope(settings.narrowing);
    const compile = { schema: ecsSchema(), access: nestedAccess, ...(settings.now === null ? {} : { now: settings.now }) };
    this.#plan = new Plan(settings.filters, compile, settings.timed ? clock : null, (filter, code) => this.#found.push({ filter, code }));
    this.faults = this.#found.splice(0);
    this.#normaliser = createNormaliser({ ...settings, ...askedFields(this.#plan, this.#scope, settings.fastPath) });
    this.#identity = settings.secrets === null ? null : new RecordIdentity(settings.secrets);
    this.#identities = new Int32Array(this.#identity === null ? 0 : MAX_RECORDS * 4);
    const { fastPath, strictElastic } = settings;
    this.#logPrefilter = fastPath
      ? new LogPrefilter({ filters: this.#plan, normaliser: this.#normaliser, scope: this.#scope, strictElastic })
      : null;
  }

  eventPrefilter(): EventSettler | null {
    const { fastPath, secrets, skipsEvents, strictElastic } = this.#settings;
    if (!fastPath) return null;
    return (this.#prefilter ??= new EventPrefilter({
      filters: this.#plan,
      normaliser: this.#normaliser,
      strictElastic,
      scope: this.#scope,
      skipsEvents,
      secrets,
      count: ({ kind, scopeVerdict, time, identity }) => {
        this.#count(this.#kindNumber(kind, scopeVerdict), time, identity);
        this.#recorded();
      },
    }));
  }

  record(record: LogRecord): void {
    const at = this.#records;
    this.#identity?.of(record);
    const prefilter = record.kind === "windows" ? this.#logPrefilter : null;
    if (record.kind === "windows" && prefilter?.settles(record) === true) {
      this.#count(this.#kindNumber(prefilter.kind, prefilter.scopeVerdict), prefilter.time, this.#identity);
      this.#recorded();
      return;
    }
    const observed = prefilter?.normalised ?? this.#normaliser.normalise(record);
    const scope = this.#scope.judge(observed.event);
    const time = readInstant(observed.event["@timestamp"], this.#at) ? this.#at : null;
    this.#count(this.#kindNumber(eventKind(observed), scope), time, this.#identity);
    if (scope === "fits" || !this.#settings.skipsEvents) this.#test(at, observed);
    this.#recorded();
  }

  /** One row of the columns. */
  #count(kind: number, time: Readonly<Instant> | null, identity: Identity | null): void {
    const at = this.#records++;
    if (identity !== null) {
      this.#identities[at * 4] = identity.key;
      this.#identities[at * 4 + 1] = identity.key2;
      this.#identities[at * 4 + 2] = identity.content;
      this.#identities[at * 4 + 3] = identity.isNumbered ? 1 : 0;
    }
    this.#kindOf[at] = kind;
    this.#millis[at] = time === null ? Number.NaN : time.millis;
    this.#nanos[at] = time === null ? 0 : time.nanos;
    this.#weight += RECORD_WEIGHT;
  }

  #recorded(): void {
    if (this.#records === MAX_RECORDS || this.#weight > MAX_WEIGHT) this.flush();
  }

  #test(at: number, observed: Normalised): void {
    const count = this.#plan.match(observed.event);
    if (count === 0 && this.#found.length === 0) return;
    const faults = this.#found.splice(0);
    this.#events.push({ at, observed: this.#normaliser.whole(), matches: [...this.#plan.matches.subarray(0, count)], faults });
    this.#weight += CHARACTER_WEIGHT * weightOf(this.#normaliser.whole().event) + 8 * count + ENTRY_WEIGHT * (1 + faults.length);
  }

  #kindNumber(kind: EventKind, scope: ScopeVerdict): number {
    const { source, code, unmapped } = kind;
    const bySource = this.#kindNumbers[unmapped === null ? scope : "unmapped"];
    let numbers = bySource.get(source);
    if (numbers === undefined) bySource.set(source, (numbers = new Map<string, number>()));
    const key = unmapped === null ? code : JSON.stringify([scope, code, unmapped]);
    let number = numbers.get(key);
    if (number === undefined) {
      number = this.#kinds.push({ ...kind, scope }) - 1;
      numbers.set(key, number);
      this.#weight += ENTRY_WEIGHT + 2 * key.length;
    }
    return number;
  }

  problem(problem: Problem): void {
    this.#problems.push(problem);
    this.#note(ENTRY_WEIGHT);
  }

  file({ file: name }: LogLocation): void {
    this.#files.push({ at: this.#records, name });
    this.#note(ENTRY_WEIGHT);
  }

  #note(weight: number): void {
    this.#weight += weight;
    if (this.#weight > MAX_WEIGHT) this.flush();
  }

  /** Emits what is pending, be it nothing. */
  flush(): void {
    const records = this.#records;
    const batch: EventBatch = {
      records,
      kinds: this.#kinds,
      kindOf: this.#kindOf.slice(0, records),
      millis: this.#millis.slice(0, records),
      nanos: this.#nanos.slice(0, records),
      identities: this.#identities.slice(0, this.#identity === null ? 0 : records * 4),
      files: this.#files,
      events: this.#events,
      problems: this.#problems,
      weight: this.#weight + ENTRY_WEIGHT,
    };
    this.#kinds = [];
    this.#kindNumbers = noKinds();
    this.#files = [];
    this.#events = [];
    this.#problems = [];
    this.#records = 0;
    this.#weight = 0;
    this.#emit(batch);
  }

  /** Whether what was scanned of this file bears on what is to come of it. */
  remembers(file: string): boolean {
    return this.#normaliser.remembers(file);
  }

  /** Milliseconds that each filter took; null where they are not timed. */
  filterMillis(): Float64Array | null {
    return this.#plan.filterMillis();
  }
}
