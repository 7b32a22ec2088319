/**
 * Decides by some values of a record of an event log whether a rule can need it. What the fields that rules ask for depend on is declared
 * (`fieldInputs`): where those inputs came before, so did the fields, and the record need not be made into an event.
 */
import { fieldInputs, keyOfDatum, kindOfWindowsEvent, systemInputs, type Normalised, type RecordNormaliser } from "../../ecs/index.ts";
import { nestedAccess } from "../../detect/index.ts";
import { readInstant, type FieldValue, type Instant } from "../../eql/index.ts";
import type { PackedData, WindowsRecord, WindowsSystem } from "../../readers/index.ts";
import type { EventScope } from "../narrowing/event-narrowing.ts";
import type { FieldFilters, SettledEvent } from "./event-prefilter.ts";
import { eventKind, type EventKind } from "./event-tally.ts";

export interface LogPrefilterOptions {
  readonly filters: FieldFilters;
  readonly normaliser: RecordNormaliser;
  readonly scope: EventScope;
  readonly strictElastic: boolean;
}

/** What follows from provider, channel and event id. */
interface Kind {
  readonly kind: EventKind;
  readonly inputsOf: ReturnType<typeof fieldInputs>;
  readonly layouts: WeakMap<PackedData["names"], Layout>;
  /** How many records were looked at, and how many of them no rule needed. */
  tried: number;
  settled: number;
}

/** What follows from the names of the data too. */
interface Layout {
  /** Where each datum lies; null where two have one name. */
  readonly places: ReadonlyMap<string, number> | null;
  /** By the number of the field. */
  readonly inputs: (Inputs | undefined)[];
}

/** What a field is made of. */
interface Inputs {
  /** Places of data. */
  readonly data: readonly number[];
  readonly system: readonly (keyof WindowsSystem)[];
  /** Values of the field by those of the inputs; null where they seldom come again. */
  values: Map<string, FieldValue> | null;
  asked: number;
  known: number;
}

const MAX_KINDS = 2_048;
/** Values that are remembered of one field of one kind of event, and how long they may be. */
const MAX_VALUES = 2_048;
const MAX_KEY = 1_024;
/** After so many it is judged whether trying pays. */
const TRIALS = 512;
const TIME = "@timestamp";

export class LogPrefilter implements SettledEvent {
  // Of the last record that is settled.
  kind: EventKind = { source: "", code: "", unmapped: null };
  readonly scopeVerdict = "fits";
  time: Readonly<Instant> | null = null;
  readonly identity = null;
  /** The event of the last record, where it had to be made. */
  normalised: Normalised | null = null;
  readonly #options: LogPrefilterOptions;
  readonly #accesses;
  readonly #kinds = new Map<string, Kind | null>();
  readonly #at: Instant = { millis: 0, nanos: 0 };
  #record: WindowsRecord | null = null;
  #data: PackedData = { names: [], value: () => null, span: () => false };
  #inputsOf: Kind["inputsOf"] = () => "everything";
  #layout: Layout = { places: null, inputs: [] };

  constructor(options: LogPrefilterOptions) {
    this.#options = options;
    this.#accesses = options.filters.fields.map(nestedAccess);
  }

  /** Whether no rule can need the record. */
  settles(record: WindowsRecord): boolean {
    this.normalised = null;
    const data = record.event.packedData ?? null;
    // A narrowing looks at many fields, and leaves most events out: what is left is little.
    if (data === null || this.#options.scope.fields.length > 0) return false;
    const { system } = record.event;
    const kind = this.#kindOf(system);
    if (kind === null || (kind.tried >= TRIALS && kind.settled < kind.tried / 8)) return false;
    const layout = layoutOf(kind, data.names);
    if (layout.places === null) return false;
    kind.tried++;
    this.#record = record;
    this.#data = data;
    this.#inputsOf = kind.inputsOf;
    this.#layout = layout;
    const isNeeded = this.#options.filters.mayMatch(this.#read);
    this.#record = null;
    if (isNeeded) return false;
    kind.settled++;
    this.kind = kind.kind;
    this.time = readInstant(system.timeCreated, this.#at) ? this.#at : null;
    return true;
  }

  /** Null where it takes more than the declared inputs to say what becomes of its events. */
  #kindOf({ provider, channel, eventId }: WindowsSystem): Kind | null {
    const key = `${eventId} ${withLength(channel ?? "")}${withLength(provider.name)}${provider.guid ?? ""}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      if (this.#kinds.size >= MAX_KINDS) this.#kinds.clear();
      kind = this.#newKind({ provider, eventId, ...(channel === undefined ? {} : { channel }) });
      this.#kinds.set(key, kind);
    }
    return kind;
  }

  #newKind(system: WindowsSystem): Kind | null {
    const inputsOf = fieldInputs(
      kindOfWindowsEvent({ ...system, provider: system.provider.name }, { strictElastic: this.#options.strictElastic }),
    );
    // The time is the record's own.
    const time = inputsOf(TIME);
    if (time === "everything" || time.some((path) => path !== TIME && path !== "winlog.time_created")) return null;
    const event = { system, eventData: null, userData: null, rendering: null, other: [] };
    const normalised = this.#options.normaliser.normalise({ kind: "windows", place: { file: "" }, event });
    return { kind: eventKind(normalised), inputsOf, layouts: new WeakMap(), tried: 0, settled: 0 };
  }

  readonly #read = (field: number): FieldValue => {
    const layout = this.#layout;
    const inputs = (layout.inputs[field] ??= this.#inputs(field, layout.places!));
    const { values } = inputs;
    if (values === null) return this.#made(field);
    const key = this.#key(inputs);
    const known = values.get(key);
    inputs.asked++;
    if (known !== undefined || values.has(key)) {
      inputs.known++;
      return known;
    }
    const value = this.#made(field);
    if (inputs.asked >= TRIALS && inputs.known < inputs.asked / 2) inputs.values = null;
    else if (key.length <= MAX_KEY) {
      if (values.size >= MAX_VALUES) values.clear();
      values.set(key, value);
    }
    return value;
  };

  /** The value of a field in the event, which is made. */
  #made(field: number): FieldValue {
    this.normalised ??= this.#options.normaliser.normalise(this.#record!);
    return this.#accesses[field]!(this.normalised.event);
  }

  #inputs(field: number, places: ReadonlyMap<string, number>): Inputs {
    const paths = this.#inputsOf(this.#options.filters.fields[field]!);
    const everything = { data: [], system: [], values: null, asked: 0, known: 0 };
    if (paths === "everything") return everything;
    const data = new Set<number>();
    const system = new Set<keyof WindowsSystem>();
    for (const path of paths) {
      if (path.startsWith(DATA)) {
        const at = places.get(path.slice(DATA.length));
        if (at !== undefined) data.add(at);
        continue;
      }
      // There is no user data where the event data is packed, and no rendering.
      if (path.startsWith(USER_DATA) || path === "message") continue;
      const properties = systemInputs(path);
      if (properties === null) return everything;
      for (const property of properties) if (!OF_KIND.has(property)) system.add(property);
    }
    return { data: [...data], system: [...system], values: new Map(), asked: 0, known: 0 };
  }

  #key({ data, system }: Inputs): string {
    const packed = this.#data;
    if (data.length === 1 && system.length === 0) {
      const value = packed.value(data[0]!);
      // Absent and empty values are not in the raw document.
      return value === null ? "" : typeof value === "string" ? value : String(value);
    }
    let key = "";
    for (let i = 0; i < data.length; i++) key += withLength(packed.value(data[i]!) ?? "");
    const properties = this.#record!.event.system;
    for (let i = 0; i < system.length; i++) key += withLength(properties[system[i]!] ?? "");
    return key;
  }
}

const DATA = "winlog.event_data.";
const USER_DATA = "winlog.user_data.";
/** All events of a kind have them alike. */
const OF_KIND: ReadonlySet<keyof WindowsSystem> = new Set(["provider", "channel", "eventId"]);

/** So that `ab`, `c` is not `a`, `bc`. */
function withLength(value: unknown): string {
  const text = String(value);
  return `${text.length}:${text}`;
}

function layoutOf({ layouts }: Kind, names: PackedData["names"]): Layout {
  let layout = layouts.get(names);
  if (layout === undefined) {
    const places = new Map(names.map((name, at) => [keyOfDatum(name, at), at]));
    layout = { places: places.size === names.length ? places : null, inputs: [] };
    layouts.set(names, layout);
  }
  return layout;
}
