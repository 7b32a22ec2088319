/** What of a record each ECS field depends on, for readers that decode no more than they are asked for. */
import type { JsonObject } from "../../readers/index.ts";
import { isObject, objectAt, own } from "../object.ts";
import { canonical } from "../shapes/canonical.ts";
import { needsMapping } from "../shapes/raw.ts";
import type { Flavour } from "./context.ts";
import { RAW_KIND_PATHS, rawKindOf, type RawKind } from "./kind.ts";
import { kindAsTabled, processorsOf } from "./mapping.ts";
import { requirements } from "./processor.ts";

/**
 * Events of one kind are mapped alike. A raw Windows event has the kind of its log and `event.code`; `ecs` is a document that is what it
 * will be. Null: a document of another shape (flat records, Winlogbeat 6, Splunk's rows, lines of syslog, no time of its own), of which
 * everything may depend on everything.
 */
export type EventKind = RawKind | "ecs" | null;

/** Names at the top of documents whose shape is neither Winlogbeat's nor ECS. */
const OTHER_SHAPES = [
  "EventID",
  "EventCode",
  "EventId",
  "event_id",
  "event_data",
  "Channel",
  "LogName",
  "SourceName",
  "ProviderName",
  "Provider_Name",
  "log_name",
  "result",
] as const;

/**
 * Paths of a document that its kind follows from, and its `source` and whether it is `unmapped`. Of those that hold objects (`ecs`,
 * `kibana`, `winlog`) nothing counts but that they are there.
 */
export const KIND_PATHS: readonly string[] = [
  ...RAW_KIND_PATHS,
  ...OTHER_SHAPES,
  "@timestamp",
  "winlog",
  "winlog.event_data.UtcTime",
  "event",
  "event.category",
  "event.type",
  "event.kind",
  "event.module",
  "ecs",
  "kibana",
  "signal",
  "log.syslog",
];

/** Of these it makes no difference which text they have, if it is not empty. */
export const PRESENT_PATHS: readonly string[] = ["@timestamp", "winlog.event_data.UtcTime", "winlog.time_created"];

export interface KindOptions {
  /** As the normaliser's. */
  readonly strictElastic?: boolean;
  readonly flavour?: Flavour;
}

/**
 * The kind of a JSON document, which need not hold more than `KIND_PATHS`. The document of a record has another form than the record of
 * an event log: of that see `kindOfWindowsEvent`.
 */
export function kindOfDocument(written: JsonObject, options: KindOptions = {}): EventKind {
  for (const name of OTHER_SHAPES) if (own(written, name) !== undefined) return null;
  const document = canonical(written);
  if (!isObject(document["winlog"]) && !isObject(document["event"])) return null;
  const time = own(document, "@timestamp");
  if (Array.isArray(time)) return null;
  if (needsMapping(document)) return kindAsTabled(rawKindOf(document, options.flavour, options.strictElastic ?? false));
  return time === undefined || objectAt(document, "log")?.["syslog"] !== undefined ? null : "ecs";
}

/** The kind of a record of an event log (EVTX, XML). */
export function kindOfWindowsEvent(
  { channel, provider, eventId }: { readonly channel?: string; readonly provider: string; readonly eventId: number },
  options: KindOptions = {},
): EventKind {
  const winlog: JsonObject = { provider_name: provider, event_id: String(eventId) };
  if (channel !== undefined) winlog["channel"] = channel;
  return kindAsTabled(rawKindOf({ winlog }, options.flavour, options.strictElastic ?? false));
}

/**
 * Paths of the raw document, the field's own among them (it may stand there already): `winlog.event_data.CommandLine`,
 * `winlog.computer_name`, `winlog.user.identifier`. A path stands for all that lies under it.
 */
export type FieldInputs = readonly string[] | "everything";

/**
 * Says what the fields of events of a kind depend on: a document that has the same at `KIND_PATHS` and at the inputs of a field, and
 * whatever else or nothing anywhere else, has the same in the field when it is normalised. For several fields take the union. To know
 * their values without the rest of the record, make a document of these paths alone and normalise it.
 *
 * Two things are left to whoever uses it. A path is what `canonical` makes of it: nested, dotted or mixed keys name the same, and of two
 * values the later stays. And where something other than an object stands on the way to an input (`process` is a text and the input
 * `process.name`), everything may depend on everything.
 *
 * Of records of event logs the paths are those of `rawFromWindows`: `winlog.event_data.NAME` is the datum of that name (unnamed ones are
 * `param1` and on, by position), `winlog.user_data.*` the user data, everything else is of the System element or the rendering.
 *
 * ```ts
 * const inputsOf = fieldInputs(kindOfWindowsEvent({ channel, provider, eventId }));
 * inputsOf("process.name"); // ["process.name", "winlog.event_data.Image", ..]
 * ```
 */
export function fieldInputs(kind: EventKind): (field: string) => FieldInputs {
  if (kind === null) return () => "everything";
  if (kind === "ecs") return (field) => [field];
  const processors = processorsOf(kind);
  const known = new Map<string, FieldInputs>();
  return (field) => {
    let inputs = known.get(field);
    if (inputs === undefined) known.set(field, (inputs = requirements(processors, [field]).inputs));
    return inputs;
  };
}
