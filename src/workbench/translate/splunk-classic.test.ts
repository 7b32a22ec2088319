/** The labels of Splunk's classic rendering against recordings that have both an event's data and its message; without them the test is skipped. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { windowsEvents } from "../../ecs/index.ts";
import { parse } from "../../eql/index.ts";
import { openInput, type Json, type JsonObject, type LogRecord } from "../../readers/index.ts";
import { metadata } from "../../translate/testing/sample-rule.ts";
import { translate } from "./translate.ts";

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const lateral = "recordings/otrf/lateral_movement";
/** Enough of the recordings to have every event that any of them has. */
const PATHS = ["data/otrf", `${lateral}/empire_wmic_add_user_backdoor.zip`, `${lateral}/purplesharp_ad_playbook_I.zip`, "suites/ecs/beats"];
const isThere = PATHS.every((path) => existsSync(join(shared, path)));

/** Events that no recording has; their labels are those of Microsoft's descriptions. */
const NOT_RECORDED = ["4647", "4657", "4660", "4700", "4732", "4771", "4778", "5136", "5137", "5141", "5142", "5144"];
/** A recorder wrote a field of its own over one of the event's data. */
const OVERWRITTEN = new Set(["5156 ProcessID", "5157 ProcessID", "7045 AccountName"]);

interface Message {
  readonly code: string;
  readonly data: JsonObject;
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** As text; empty where it is none. */
function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Of a flat record, or of a document of Winlogbeat. */
function message(document: JsonObject): Message | null {
  const winlog = document["winlog"] as JsonObject | undefined;
  const rendered = text(winlog === undefined ? document["Message"] : (document["message"] ?? winlog["message"]));
  const channel = (winlog ?? document)[winlog === undefined ? "Channel" : "channel"];
  if (!rendered.includes("\n") || (channel !== "Security" && channel !== "System")) return null;
  const labels = new Map<string, string[]>();
  for (const [, label, value] of `\n${rendered.replaceAll("\r", "")}`.matchAll(/\n([^:\n]+):[ \t]+([^\n]*)/g)) {
    const field = label!.trim().replace(/\W/g, "_");
    labels.set(field, [...(labels.get(field) ?? []), value!.trim()]);
  }
  if (winlog === undefined) return { code: text(document["EventID"]), data: document, labels };
  return { code: text(winlog["event_id"]), data: (winlog["event_data"] ?? {}) as JsonObject, labels };
}

function messages(): Message[] {
  const found: Message[] = [];
  const add = (document: JsonObject): void => {
    const one = message(document);
    if (one !== null) found.push(one);
  };
  const sink = { record: (record: LogRecord) => void (record.kind === "document" && add(record.document)), problem() {} };
  for (const path of PATHS.flatMap((folder) => filesBelow(join(shared, folder)))) {
    const bytes = readFileSync(path);
    if (path.endsWith(".golden.json")) (JSON.parse(bytes.toString()) as JsonObject[]).forEach(add);
    else if (!path.endsWith(".json")) {
      const decoder = openInput(path);
      decoder.push(bytes, sink);
      decoder.end(sink);
    }
  }
  return found;
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
}

/** The field in which the translation looks for a datum of an event; null where it has none. */
function fieldOf(code: string, name: string): string | null {
  const text = `any where event.code == "${code}" and winlog.event_data.${name} : "a value"`;
  const rule = { key: "X1", metadata, query: parse(text).query!, text, placeOf: () => ({ file: "X1.eql", line: 1, column: 1 }) };
  return /(\w+)="a value"/.exec(translate(rule, "splunk-classic").text)?.[1] ?? null;
}

describe.skipIf(!isThere)("Splunk's classic rendering and recorded messages (../shared)", () => {
  test("a field that is asked for has the datum's value in every message, and stands in it once", () => {
    const fields = new Map<string, string | null>();
    const recorded = new Set<string>();
    const wrong = new Set<string>();
    let compared = 0;
    for (const { code, data, labels } of messages()) {
      for (const [name, value] of Object.entries(data)) {
        const key = `${code} ${name}`;
        if (!/^\w+$/.test(name) || OVERWRITTEN.has(key) || text(value) === "") continue;
        if (!fields.has(key)) fields.set(key, fieldOf(code, name));
        const field = fields.get(key);
        if (field === null || field === undefined) continue;
        recorded.add(code);
        compared++;
        const [shown, ...more] = labels.get(field) ?? [];
        const hexadecimal = text(value).startsWith("0x");
        const fold = (of: string): string => (hexadecimal ? of.toLowerCase() : of);
        if (shown === undefined || more.length > 0 || fold(shown) !== fold(text(value).trim())) wrong.add(`${key} ${field}: ${shown}`);
      }
    }
    expect([...wrong]).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
    const asked = windowsEvents().filter(
      ({ family, code, data }) => (family === "security" || family === "system") && data.some((name) => fieldOf(code, name) !== null),
    );
    expect(asked.map(({ code }) => code).filter((code) => !recorded.has(code))).toEqual(NOT_RECORDED);
  });
});
