/** Records in, ECS events out: recognises the shape, brings it to the raw form, and maps it by channel as Elastic's pipelines do. */
import type { JsonObject, LogRecord } from "../readers/index.ts";
import type { Flavour } from "./mapping/context.ts";
import { rawKindOf, type RawKind } from "./mapping/kind.ts";
import { Mappings, WHOLE } from "./mapping/mapping.ts";
import { recognise } from "./shapes/raw.ts";
import type { Normalised } from "./source.ts";
import { sourceOfDocument } from "./source-of-document.ts";
import { syslogEvent } from "./syslog/syslog.ts";
import { LocalZone } from "./time.ts";
import { SHIPPERS } from "./windows/shippers.ts";

export interface NormaliserOptions {
  /** Paths of the time in documents that have no `@timestamp`, looked at before those that vendors have: `meta.when`. */
  readonly timestampFields?: readonly string[];
  /** Leave out what we add beyond Elastic's own pipelines (`additions.ts`). */
  readonly strictElastic?: boolean;
  /**
   * Whose pipelines to follow. By default the record decides: the Agent's documents the Agent's, everything else Winlogbeat's.
   * Given, it holds for all records.
   */
  readonly flavour?: Flavour;
  /** The fields that are asked for, where the others of raw Windows events may be missing or as in the record. Default: all. */
  readonly fields?: readonly string[];
}

/** Keeps what has to be remembered between records: the zone of files that write local times. */
export interface RecordNormaliser {
  /** Never throws. What cannot be mapped comes back as it is, with `unmapped`. */
  normalise(record: LogRecord): Normalised;
  /** What `normalise` returned last, with every field. */
  whole(): Normalised;
  /** The record in the raw shape of Winlogbeat; null where it is no Windows event or has been mapped already. */
  toRaw(record: LogRecord): JsonObject | null;
  /** Whether what was normalised of this file bears on records of it to come: they write local times, whose zone is found out record by record. */
  remembers(file: string): boolean;
}

export function createNormaliser(options: NormaliserOptions = {}): RecordNormaliser {
  const strict = options.strictElastic ?? false;
  const mappings = options.fields === undefined ? WHOLE : new Mappings(options.fields);
  const zone = new LocalZone();
  const timePaths = (options.timestampFields ?? []).map((path) => path.split("."));
  /** What was normalised last, and where there is more of it, the raw document. */
  let last: { readonly normalised: Normalised; readonly kind: RawKind; readonly document: JsonObject } | Normalised | null = null;
  return {
    normalise(record) {
      const { form, document } = recognise(record, zone, timePaths);
      if (form === "raw") {
        const kind = rawKindOf(document, options.flavour, strict);
        const mapping = mappings.of(kind);
        const event = mapping.apply(document, kind.code);
        const normalised = normalisedOf(record, event ?? wholeEvent(document, kind), sourceId(kind), !mapping.isKnown);
        last = event === null || mappings === WHOLE ? normalised : { normalised, kind, document };
        return normalised;
      }
      const syslog = syslogEvent(document);
      const event = syslog ?? document;
      const { source, known } = sourceOfDocument(event, record.kind === "document" ? record.index : undefined);
      // Most lines of syslog are of no category, and no pipeline gives them one.
      return (last = normalisedOf(record, event, source, syslog === null && !known));
    },
    whole() {
      if (last === null) throw new Error("nothing was normalised");
      if ("normalised" in last) last = { ...last.normalised, event: wholeEvent(last.document, last.kind) };
      return last;
    },
    toRaw(record) {
      const { form, document } = recognise(record, zone);
      return form === "raw" ? document : null;
    },
    remembers: (file) => zone.knows(file),
  };
}

function sourceId({ flavour, log, isPlainFilebeat }: RawKind): string {
  return flavour === "winlogbeat" && isPlainFilebeat ? "filebeat.winlog" : SHIPPERS[flavour].id(log);
}

function wholeEvent(document: JsonObject, kind: RawKind): JsonObject {
  return WHOLE.of(kind).apply(document, kind.code)!;
}

function normalisedOf(record: LogRecord, event: JsonObject, source: string, unmapped: boolean): Normalised {
  const normalised: { -readonly [K in keyof Normalised]: Normalised[K] } = { event, source, place: record.place, unmapped };
  if (record.kind === "windows") return normalised;
  if (record.id !== undefined) normalised.id = record.id;
  if (record.index !== undefined) normalised.index = record.index;
  return normalised;
}
