import { isDeepStrictEqual as equals } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../readers/index.ts";
import { createNormaliser } from "../normalise.ts";
import { isObject, own, put } from "../object.ts";
import type { Normalised } from "../source.ts";
import { RAW_EVENTS, UNKNOWN_EVENTS } from "../testing/windows-events.ts";
import { fieldInputs, KIND_PATHS, kindOfDocument, kindOfWindowsEvent } from "./field-inputs.ts";
import { processorsOf } from "./mapping.ts";
import type { Processor } from "./processor.ts";

function at(document: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = document;
  for (const part of path.split(".")) value = isObject(value) ? own(value, part) : undefined;
  return value;
}

/** Copies what is at the path; of an object all that lies under it. */
function bring(from: JsonObject, to: JsonObject, path: string): void {
  const value = at(from, path);
  const parts = path.split(".");
  let object = to;
  for (let i = 0; i < parts.length - 1; i++) {
    const present = own(object, parts[i]!);
    if (isObject(present)) object = present;
    else if (value === undefined) return;
    else put(object, parts[i]!, (object = {}));
  }
  const last = parts[parts.length - 1]!;
  if (value === undefined) delete object[last];
  else put(object, last, structuredClone(value));
}

/** What `KIND_PATHS` says of a document. */
function bringKind(from: JsonObject, to: JsonObject): void {
  for (const path of KIND_PATHS) {
    const value = at(from, path);
    if (isObject(value)) {
      if (!isObject(at(to, path))) bring({ ...place(path) }, to, path);
    } else bring(from, to, path);
  }
}

/** A document with an empty object at a path. */
function place(path: string): JsonObject {
  return path.split(".").reduceRight<JsonObject>((inner, part) => ({ [part]: inner }), {});
}

const strict = fc.boolean();
const normalise = (document: JsonObject, strictElastic: boolean): Normalised =>
  createNormaliser({ strictElastic }).normalise({ kind: "document", place: { file: "f" }, document });

/** Dotted names of all that holds a value. */
function fieldsOf(object: JsonObject, prefix = ""): string[] {
  return Object.keys(object).flatMap((key) => {
    const value = own(object, key)!;
    return isObject(value) ? fieldsOf(value, `${prefix}${key}.`) : [prefix + key];
  });
}

/** What one processor alone makes of an event with the data. */
function applied(processor: Processor, raw: JsonObject, data: JsonObject): readonly unknown[] {
  const event = structuredClone(raw);
  const winlog = event["winlog"] as JsonObject;
  delete winlog["event_data"];
  const added: JsonObject = {};
  const code = winlog["event_id"] as string;
  processor.apply({ event, winlog, code, added, askedData: null, details: null }, data);
  return [event, added];
}

describe("what fields depend on", () => {
  test.each([...RAW_EVENTS, ...UNKNOWN_EVENTS])("$title: nothing else changes them", ({ events }) => {
    fc.assert(
      fc.property(events, events, strict, fc.nat(), (raw, other, strictElastic, seed) => {
        const whole = normalise(structuredClone(raw), strictElastic);
        const inputsOf = fieldInputs(kindOfDocument(raw, { strictElastic }));
        const fields = [...new Set([...fieldsOf(whole.event), ...fieldsOf(normalise(structuredClone(other), strictElastic).event)])];
        // All fields of few events cost as much as few of many, and find less.
        for (let i = 0; i < 10; i++) {
          const field = fields[(seed + i * 7) % fields.length]!;
          const inputs = inputsOf(field);
          if (inputs === "everything") throw new Error("a raw event is of a kind");
          for (const rest of [{}, structuredClone(other)]) {
            for (const path of inputs) bring(raw, rest, path);
            bringKind(raw, rest);
            const reduced = normalise(rest, strictElastic);
            expect({ [field]: at(reduced.event, field) }).toEqual({ [field]: at(whole.event, field) });
            expect([reduced.source, reduced.unmapped]).toEqual([whole.source, whole.unmapped]);
          }
        }
      }),
      { numRuns: 8 },
    );
  });

  test.each([...RAW_EVENTS, ...UNKNOWN_EVENTS])("$title: fields that are asked for are those of the whole event", ({ events }) => {
    fc.assert(
      fc.property(events, strict, fc.nat(), fc.boolean(), (raw, strictElastic, seed, isOdd) => {
        const record = {
          kind: "document",
          place: { file: "f" },
          document: isOdd ? { ...raw, process: "x", related: ["y"] } : raw,
        } as const;
        const before = structuredClone(record.document);
        const whole = createNormaliser({ strictElastic }).normalise(record);
        const all = fieldsOf(whole.event);
        const fields = all.filter((_, at) => (seed + at) % 5 === 0);
        const normaliser = createNormaliser({ strictElastic, fields });
        const part = normaliser.normalise(record);
        for (const field of fields) expect({ [field]: at(part.event, field) }).toEqual({ [field]: at(whole.event, field) });
        expect({ ...part, event: null }).toEqual({ ...whole, event: null });
        expect(normaliser.whole()).toEqual(whole);
        expect(record.document).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });

  test("every input that a processor declares can make a difference, so none could be left out of the declarations", () => {
    const needless = new Set<string>();
    const proven = new Set<string>();
    for (const { kind, events } of RAW_EVENTS) {
      const samples = fc.sample(events, { numRuns: 200, seed: 1 });
      for (const processor of processorsOf(kind)) {
        for (const name of processor.data) {
          const claim = `${processor.writes.join()} depends on ${name}`;
          if (proven.has(claim)) continue;
          const tells = samples.some((raw) => {
            const data = at(raw, "winlog.event_data");
            if (!isObject(data) || !Object.hasOwn(data, name)) return false;
            const less = { ...data };
            delete less[name];
            return !equals(applied(processor, raw, data), applied(processor, raw, less));
          });
          if (tells) proven.add(claim);
          else needless.add(claim);
        }
      }
    }
    expect([...needless].filter((claim) => !proven.has(claim))).toEqual([]);
  });

  test("the kind of a document follows from the paths that say so", () => {
    const any = fc.constantFrom(...RAW_EVENTS).chain(({ events }) => events);
    fc.assert(
      fc.property(any, strict, (raw, strictElastic) => {
        const reduced: JsonObject = {};
        bringKind(raw, reduced);
        expect(kindOfDocument(reduced, { strictElastic })).toEqual(kindOfDocument(raw, { strictElastic }));
      }),
    );
  });

  test("a record of an event log is of the kind of its document", () => {
    const record = { channel: "Security", provider: "Microsoft-Windows-Security-Auditing", eventId: 4624 };
    const winlog = { channel: record.channel, provider_name: record.provider, event_id: "4624" };
    expect(kindOfWindowsEvent(record)).toEqual(kindOfDocument({ winlog }));
    expect(fieldInputs(kindOfWindowsEvent(record))("user.name")).toContain("winlog.event_data.TargetUserName");
  });

  test("documents that are ECS already are their own input; of other shapes everything may depend on everything", () => {
    const mapped = { "@timestamp": "2024-05-01T10:00:00Z", event: { category: "process" }, ecs: { version: "8.0.0" } };
    expect(fieldInputs(kindOfDocument(mapped))("process.name")).toEqual(["process.name"]);
    for (const other of [
      { EventID: 1, Channel: "Security", winlog: {} },
      { message: "x" },
      { ...mapped, "@timestamp": ["2024-05-01T10:00:00Z"] },
      { event: {}, message: "x" },
      { "@timestamp": "2024-05-01T10:00:00Z", event: {}, "log.syslog.appname": "sshd" },
    ])
      expect(fieldInputs(kindOfDocument(other))("process.name")).toBe("everything");
  });
});
