/** The queries that a person is asked to run: in the guide, the playbook and the hunts of T1021.002. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readFolder } from "../src/cli/packages.ts";
import { createNormaliser, ecsFields } from "../src/ecs/index.ts";
import { check, fieldsOf, parse, search, type EventDocument } from "../src/eql/index.ts";
import { loadPackage } from "../src/workbench/index.ts";
import { openInput, type LogRecord } from "../src/readers/index.ts";

const folder = fileURLToPath(new URL("../detections/T1021.002-smb-admin-shares/", import.meta.url));
const files = readFolder(folder);
const detection = loadPackage(files, { today: "2026-11-24" }).package!;

/** The events of the sample, whose values the texts name, and of each case. */
const recordings: EventDocument[][] = [
  fileURLToPath(new URL("../samples/lab.ndjson", import.meta.url)),
  ...readdirSync(`${folder}cases`).map(
    (name) => `${folder}cases/${name}/${files.has(`cases/${name}/events.xml`) ? "events.xml" : "events.ndjson"}`,
  ),
].map(eventsOf);

function eventsOf(path: string): EventDocument[] {
  const events: EventDocument[] = [];
  const normaliser = createNormaliser();
  const decoder = openInput(path);
  const sink = {
    record: (record: LogRecord): void => void events.push(normaliser.normalise(record).event),
    problem: ({ message }: { readonly message: string }): void => {
      throw new Error(`${path}: ${message}`);
    },
  };
  decoder.push(readFileSync(path), sink);
  decoder.end(sink);
  return events;
}

/** Event data that none of them has: the event, by its documentation, and the name. */
const ELSEWHERE = new Set([
  "winlog.event_data.TargetImage", // Sysmon 10
  "winlog.event_data.GrantedAccess", // Sysmon 10
  "winlog.event_data.TicketEncryptionType", // 4769
]);
const known = new Set([...ELSEWHERE, ...[...ecsFields()].map((field) => field.name)]);
for (const events of recordings) for (const event of events) addPaths(event, "");

function addPaths(value: unknown, path: string): void {
  if (path !== "") known.add(path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) addPaths(inner, path === "" ? name : `${path}.${name}`);
}

/** Blocks of EQL in a text; those marked `no hit in the lab` ask for what they have not got. */
function blocks(text: string): { readonly query: string; readonly hits: boolean }[] {
  return [...text.matchAll(/```eql( no hit in the lab)?\n([\s\S]*?)```/g)].map((m) => ({ query: m[2]!.trim(), hits: m[1] === undefined }));
}

const queries = [
  ...["guide.md", "playbook.md", "tuning.yaml"].flatMap((file) => blocks(files.get(file)!).map((block) => ({ file, ...block }))),
  ...detection.hunts
    .filter((hunt) => hunt.language === "eql")
    .map((hunt) => ({ file: `hunts/${hunt.id}.yaml`, query: hunt.query, hits: false })),
  ...detection.meta.related.flatMap(({ technique, query }) =>
    query === undefined ? [] : [{ file: `package.yaml, ${technique}`, query, hits: false }],
  ),
];

test.each(queries)("$file: $query", ({ query: text, hits }) => {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  expect(check(query!, { text }).diagnostics).toEqual([]);
  expect(fieldsOf(query!).filter((field) => !known.has(field))).toEqual([]);
  let total = 0;
  for (const events of recordings)
    total +=
      search(
        query!,
        events.map((event) => ({ _source: event })),
        { size: Infinity },
      ).total ?? 0;
  if (hits) expect(total).toBeGreaterThan(0);
});

describe("the guide", () => {
  const guide = files.get("guide.md")!;

  test("has a query in each of the steps 1 to 6", () => {
    const steps = guide.split(/^## /m).filter((step) => /^[1-6]\. /.test(step));
    expect(steps).toHaveLength(6);
    for (const step of steps) expect(blocks(step).length, step.slice(0, 30)).toBeGreaterThan(0);
  });

  test("says of each rule, once, what to ask first", () => {
    const table = guide.split("## The first five minutes")[1]!.split("## 1.")[0]!;
    const named = [...table.matchAll(/^\| ([A-D]\d.*?) \|/gm)].flatMap((m) => m[1]!.split(", "));
    expect(named.sort()).toEqual(detection.rules.map((rule) => rule.id).sort());
  });
});
