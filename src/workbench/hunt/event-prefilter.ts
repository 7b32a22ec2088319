/** Decides by some fields of a document, before it is made, whether a rule can need it; where none can, what else a hunt counts of it is known too. */
import { KIND_FIELDS, OTHER_FORM_KEYS, type RecordNormaliser } from "../../ecs/index.ts";
import { fieldAccess, readInstant, type FieldValue, type Instant } from "../../eql/index.ts";
import { FieldExtractor, FORM_KEYS, type Json, type JsonObject } from "../../readers/index.ts";
import type { EventScope, ScopeVerdict } from "../narrowing/event-narrowing.ts";
import { newSecrets, type RecordSecrets } from "../reading/record-hash.ts";
import { RecordIdentity, type Identity } from "../reading/record-identity.ts";
import type { EventSettler } from "../reading/reading.ts";
import { eventKind, type EventKind } from "./event-tally.ts";
import { TupleMemo } from "./tuple-memo.ts";

/** Filters over fields that can be asked before there is an event: a `Plan`. */
export interface FieldFilters {
  readonly fields: readonly string[];
  mayMatch(read: (field: number) => FieldValue): boolean;
}

export interface EventPrefilterOptions {
  readonly filters: FieldFilters;
  readonly normaliser: RecordNormaliser;
  readonly scope: EventScope;
  /** Events that do not fit the narrowing are not held against the filters. */
  readonly skipsEvents: boolean;
  /** Null where copies of records are not looked for. */
  readonly secrets: RecordSecrets | null;
  /** Counts a document that is settled. */
  readonly count: (settled: SettledEvent) => void;
}

/** What a hunt counts of an event that no rule needs. */
export interface SettledEvent {
  readonly kind: EventKind;
  readonly scopeVerdict: ScopeVerdict;
  /** Null where it has none. */
  readonly time: Readonly<Instant> | null;
  /** Null where copies are not looked for. */
  readonly identity: Identity | null;
}

/** What the values of `KIND_FIELDS` say. */
interface DocumentKind {
  /** The event is the document as it is; otherwise it takes more than fields to say what it is. */
  readonly isEvent: boolean;
  readonly kind: EventKind;
}

const MAX_KINDS = 16_384;
const TIME = "@timestamp";
const leaf = fieldAccess("value", { nested: true });

export class EventPrefilter implements EventSettler, SettledEvent {
  readonly extractor: FieldExtractor;
  // Of the last document that is settled.
  kind: EventKind = { source: "", code: "", unmapped: null };
  scopeVerdict: ScopeVerdict = "fits";
  time: Readonly<Instant> | null = null;
  readonly #identity: RecordIdentity | null;
  readonly #options: EventPrefilterOptions;
  readonly #fields: readonly string[];
  readonly #timeSlot: number;
  readonly #kindSlots: readonly number[];
  readonly #scopeSlots: readonly number[];
  readonly #channelSlot: number;
  readonly #computerSlot: number;
  readonly #numberSlot: number;
  readonly #filterSlots: Int32Array;
  readonly #kinds: TupleMemo<DocumentKind>;
  /** By the number of the value. */
  #fieldValues: FieldValue[] = [];
  #generation = 0;
  readonly #at: Instant = { millis: 0, nanos: 0 };

  constructor(options: EventPrefilterOptions) {
    this.#options = options;
    const { filters, scope, secrets } = options;
    const slots = new Map<string, number>();
    const slotOf = (field: string): number => {
      if (!slots.has(field)) slots.set(field, slots.size);
      return slots.get(field)!;
    };
    this.#timeSlot = slotOf(TIME);
    this.#kindSlots = KIND_FIELDS.filter((field) => field !== TIME).map(slotOf);
    this.#kinds = new TupleMemo(this.#kindSlots.length, MAX_KINDS);
    this.#scopeSlots = scope.fields.map(slotOf);
    this.#channelSlot = slotOf("winlog.channel");
    this.#computerSlot = slotOf("winlog.computer_name");
    this.#numberSlot = slotOf("winlog.record_id");
    this.#filterSlots = Int32Array.from(filters.fields, slotOf);
    this.#fields = [...slots.keys()];
    this.extractor = new FieldExtractor({
      fields: this.#fields,
      special: [...FORM_KEYS, ...OTHER_FORM_KEYS],
      secrets: secrets ?? newSecrets(),
    });
    this.#identity = secrets === null ? null : new RecordIdentity(secrets);
  }

  count(): void {
    this.#options.count(this);
  }

  get identity(): Identity | null {
    return this.#identity;
  }

  /** Whether no rule can need the document in the line that was walked last. */
  settles(): boolean {
    const { extractor } = this;
    if (extractor.generation !== this.#generation) {
      this.#generation = extractor.generation;
      this.#kinds.clear();
      this.#fieldValues = [];
    }
    const time = extractor.value(this.#timeSlot);
    // Elsewhere the time, if there is one, is where a vendor has it, or every value is in a list.
    if (time === undefined || Array.isArray(time)) return false;
    const kind = this.#kind();
    if (kind === null || !kind.isEvent) return false;
    this.scopeVerdict = this.#scopeSlots.length === 0 ? "fits" : this.#options.scope.judge(this.#document(this.#scopeSlots));
    const isTested = this.scopeVerdict === "fits" || !this.#options.skipsEvents;
    if (isTested && this.#options.filters.mayMatch(this.#read)) return false;
    if (this.#identity !== null) {
      const channel = extractor.value(this.#channelSlot);
      // Under keys with dots a number of Windows is none: the parsed document must say.
      if (extractor.isDotted && channel !== undefined) return false;
      const [high, low] = extractor.contentHash();
      this.#identity.ofDocument(high, low, channel, extractor.value(this.#computerSlot), extractor.value(this.#numberSlot), time);
    }
    this.kind = kind.kind;
    this.time = readInstant(time, this.#at) ? this.#at : null;
    return true;
  }

  #kind(): DocumentKind | null {
    const { extractor } = this;
    const slots = this.#kindSlots;
    const { tuple } = this.#kinds;
    for (let i = 0; i < slots.length; i++) {
      const number = extractor.number(slots[i]!);
      // A value that is too long, or never comes again.
      if (number < 0) return null;
      tuple[i] = number;
    }
    const known = this.#kinds.find();
    if (known !== undefined) return known;
    // Which time it is makes no difference, but that there is one.
    const document = { [TIME]: "2000", ...this.#document(slots) };
    const normalised = this.#options.normaliser.normalise({ kind: "document", place: { file: "" }, document });
    const kind = { isEvent: normalised.event === document, kind: eventKind(normalised) };
    this.#kinds.set(kind);
    return kind;
  }

  readonly #read = (field: number): FieldValue => {
    const { extractor } = this;
    const slot = this.#filterSlots[field]!;
    const number = extractor.number(slot);
    if (number === 0) return undefined;
    if (number < 0) return leaf({ value: extractor.value(slot) });
    return (this.#fieldValues[number] ??= leaf({ value: extractor.value(slot) }));
  };

  /** A document with these fields alone. */
  #document(slots: readonly number[]): JsonObject {
    const document: JsonObject = {};
    for (const slot of slots) {
      const value = this.extractor.value(slot);
      if (value !== undefined) place(document, this.#fields[slot]!.split("."), value);
    }
    return document;
  }
}

function place(document: JsonObject, path: readonly string[], value: Json): void {
  let at = document;
  for (let i = 0; i < path.length - 1; i++) at = (at[path[i]!] ??= {}) as JsonObject;
  const last = path.at(-1)!;
  // An object may have been made for a field in it.
  if (typeof value !== "object" || value === null || Array.isArray(value) || at[last] === undefined) at[last] = value;
}
