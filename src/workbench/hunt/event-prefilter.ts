/** Decides by some fields of a document, before it is made, whether a rule can need it; where none can, what else a hunt counts of it is known too. */
import {
  createNormaliser,
  fieldInputs,
  kindOfDocument,
  KIND_PATHS,
  PRESENT_PATHS,
  type FieldInputs,
  type RecordNormaliser,
} from "../../ecs/index.ts";
import { fieldAccess, readInstant, type FieldValue, type Instant } from "../../eql/index.ts";
import { FieldExtractor, FORM_KEYS, type JsonObject } from "../../readers/index.ts";
import type { EventScope, ScopeVerdict } from "../narrowing/event-narrowing.ts";
import { newSecrets, type RecordSecrets } from "../reading/record-hash.ts";
import { RecordIdentity, type Identity } from "../reading/record-identity.ts";
import type { EventSettler } from "../reading/reading.ts";
import { eventKind, type EventKind } from "./event-tally.ts";
import { LineFields } from "./line-fields.ts";
import { MappedFields, type MemoBudget } from "./mapped-fields.ts";
import { TupleMemo } from "./tuple-memo.ts";

/** Filters over fields that can be asked before there is an event: a `Plan`. */
export interface FieldFilters {
  readonly fields: readonly string[];
  mayMatch(read: (field: number) => FieldValue): boolean;
}

export interface EventPrefilterOptions {
  readonly filters: FieldFilters;
  readonly normaliser: RecordNormaliser;
  /** As the normaliser's. */
  readonly strictElastic: boolean;
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

/** What the values of `KIND_PATHS` say. */
interface DocumentKind {
  /** Fields of the event where it is not the document as it is. */
  readonly mapped: MappedFields | null;
  readonly counted: EventKind;
}

const MAX_KINDS = 2_048;
/** Values of mapped fields that are remembered. */
const MAX_VALUES = 200_000;
const TIME = "@timestamp";
/** Stands in a tuple for any text that is not empty. */
const SOME_TEXT = -1;
const leaf = fieldAccess("value", { nested: true });

export class EventPrefilter implements EventSettler, SettledEvent {
  readonly extractor: FieldExtractor;
  // Of the last document that is settled.
  kind: EventKind = { source: "", code: "", unmapped: null };
  scopeVerdict: ScopeVerdict = "fits";
  time: Readonly<Instant> | null = null;
  readonly identity: RecordIdentity | null;
  readonly #options: EventPrefilterOptions;
  readonly #line: LineFields;
  readonly #timeSlot: number;
  readonly #channelSlot: number;
  readonly #computerSlot: number;
  readonly #numberSlot: number;
  readonly #kindSlots: readonly number[];
  /** Of each of these 1 where it counts only that a text is there. */
  readonly #isPresence: Uint8Array;
  /** Those of the filters, and the time. */
  readonly #fields: readonly string[];
  readonly #scopeFields: readonly string[];
  readonly #scopeSlots: readonly number[];
  readonly #normalisers = new Map<string, RecordNormaliser>();
  readonly #slots: Int32Array;
  readonly #timeField: number;
  /** Null: a document that is left to the parser. */
  readonly #kinds: TupleMemo<DocumentKind | null>;
  /** By what `kindOfDocument` gives, as text. */
  readonly #inputs = new Map<string, (field: string) => FieldInputs>();
  readonly #budget: MemoBudget = { left: MAX_VALUES };
  #mapped: MappedFields | null = null;
  /** A filter asked for a field that has no slot. */
  #isUnsure = false;
  /** By the number of the value. */
  #fieldValues: FieldValue[] = [];
  #generation = 0;
  readonly #at: Instant = { millis: 0, nanos: 0 };

  constructor(options: EventPrefilterOptions) {
    this.#options = options;
    const { filters, scope, secrets } = options;
    this.identity = secrets === null ? null : new RecordIdentity(secrets);
    this.extractor = new FieldExtractor({ special: FORM_KEYS, secrets: secrets ?? newSecrets() });
    const line = new LineFields(this.extractor);
    this.#line = line;
    this.#timeSlot = line.slot(TIME);
    this.#channelSlot = line.slot("winlog.channel");
    this.#computerSlot = line.slot("winlog.computer_name");
    this.#numberSlot = line.slot("winlog.record_id");
    this.#kindSlots = KIND_PATHS.map((path) => line.slot(path));
    this.#isPresence = Uint8Array.from(KIND_PATHS, (path) => (PRESENT_PATHS.includes(path) ? 1 : 0));
    this.#kinds = new TupleMemo(this.#kindSlots.length, MAX_KINDS);
    this.#fields = [...filters.fields, TIME];
    this.#scopeFields = scope.fields;
    this.#scopeSlots = scope.fields.map((field) => line.slot(field));
    this.#timeField = filters.fields.length;
    this.#slots = Int32Array.from(this.#fields, (field) => line.slot(field));
  }

  count(): void {
    this.#options.count(this);
  }

  /** Whether no rule can need the document in the line that was walked last. */
  settles(): boolean {
    const { extractor } = this;
    if (extractor.generation !== this.#generation || this.#budget.left < 0) {
      this.#generation = extractor.generation;
      this.#budget.left = MAX_VALUES;
      this.#kinds.clear();
      this.#fieldValues = [];
    }
    const kind = this.#kind();
    if (kind === null) return false;
    const { mapped } = kind;
    this.#mapped = mapped;
    this.#isUnsure = false;
    if (mapped !== null) mapped.isUnsure = false;
    const time = mapped === null ? extractor.value(this.#timeSlot) : mapped.value(this.#timeField);
    this.scopeVerdict = this.#scopeFields.length === 0 ? "fits" : this.#options.scope.judge(this.#scopeEvent());
    const isTested = this.scopeVerdict === "fits" || !this.#options.skipsEvents;
    if (isTested && this.#options.filters.mayMatch(this.#read)) return false;
    if (this.#isUnsure || mapped?.isUnsure === true || Array.isArray(time) || !this.#names()) return false;
    this.kind = kind.counted;
    this.time = readInstant(time, this.#at) ? this.#at : null;
    return true;
  }

  #kind(): DocumentKind | null {
    const { extractor } = this;
    const slots = this.#kindSlots;
    const { tuple } = this.#kinds;
    for (let i = 0; i < slots.length; i++) {
      let number = extractor.number(slots[i]!);
      if (number !== 0 && this.#isPresence[i] === 1) {
        if (extractor.isText(slots[i]!)) number = SOME_TEXT;
        else if (number < 0) return null;
      } else if (number < 0) return null;
      tuple[i] = number;
    }
    let kind = this.#kinds.find();
    if (kind === undefined) this.#kinds.set((kind = this.#newKind()));
    return kind;
  }

  #newKind(): DocumentKind | null {
    const { normaliser, strictElastic } = this.#options;
    const document = this.#line.document(this.#kindSlots);
    const kind = kindOfDocument(document, { strictElastic });
    if (kind === null) return null;
    const counted = eventKind(normaliser.normalise({ kind: "document", place: { file: "" }, document }));
    if (kind === "ecs") return { mapped: null, counted };
    const key = JSON.stringify(kind);
    let inputsOf = this.#inputs.get(key);
    if (inputsOf === undefined) this.#inputs.set(key, (inputsOf = fieldInputs(kind)));
    const mapped = new MappedFields({
      line: this.#line,
      kindSlots: this.#kindSlots,
      fields: this.#fields,
      inputsOf,
      normaliserOf: this.#normaliserOf,
      budget: this.#budget,
    });
    return { mapped, counted };
  }

  readonly #normaliserOf = (fields: readonly string[]): RecordNormaliser => {
    const key = fields.join();
    let normaliser = this.#normalisers.get(key);
    if (normaliser === undefined)
      this.#normalisers.set(key, (normaliser = createNormaliser({ strictElastic: this.#options.strictElastic, fields })));
    return normaliser;
  };

  readonly #read = (field: number): FieldValue => {
    if (this.#mapped !== null) return this.#mapped.value(field);
    const { extractor } = this;
    const slot = this.#slots[field]!;
    if (slot < 0) this.#isUnsure = true;
    const number = slot < 0 ? 0 : extractor.number(slot);
    if (number === 0) return undefined;
    if (number < 0) return leaf({ value: extractor.value(slot) });
    return (this.#fieldValues[number] ??= leaf({ value: extractor.value(slot) }));
  };

  /** An event with the fields of the scope. */
  #scopeEvent(): JsonObject {
    return this.#mapped === null ? this.#line.document(this.#scopeSlots) : this.#mapped.event(this.#scopeFields);
  }

  /** Names the record, where copies are looked for; false where that takes the parsed document. */
  #names(): boolean {
    const { identity, extractor } = this;
    if (identity === null) return true;
    const channel = extractor.value(this.#channelSlot);
    // Under keys with dots a number of Windows is none.
    if (extractor.isDotted && channel !== undefined) return false;
    const [high, low] = extractor.contentHash();
    const [computer, number] = [extractor.value(this.#computerSlot), extractor.value(this.#numberSlot)];
    identity.ofDocument(high, low, channel, computer, number, extractor.value(this.#timeSlot));
    return true;
  }
}
