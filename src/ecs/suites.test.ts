import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../readers/index.ts";
import type { Flavour } from "./mapping/context.ts";
import { createNormaliser } from "./normalise.ts";
import { isObject } from "./object.ts";

/**
 * Elastic's own test cases for its pipelines, where they lie beside the checkout: raw documents in, the documents its Elasticsearch
 * made of them out. They are only read; nothing of them is kept here.
 */
const SUITES = new URL("../../../shared/suites/ecs/", import.meta.url);

interface Case {
  readonly name: string;
  readonly input: JsonObject;
  readonly expected: JsonObject;
}

interface Suite {
  readonly title: string;
  readonly flavour: Flavour;
  cases(): Case[];
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, SUITES), "utf8"));
}

function beats(module: string): Suite {
  return {
    title: `beats/${module}`,
    flavour: "winlogbeat",
    cases() {
      const found: Case[] = [];
      for (const name of readdirSync(new URL(`beats/${module}/ingest/`, SUITES)).sort()) {
        const base = name.replace(/\.golden\.json$/, "");
        const collection = readdirSync(new URL(`beats/${module}/collection/`, SUITES)).find(
          (file) => file === `${base}.evtx.golden.json` || file === `${base}.golden.json`,
        );
        if (collection === undefined) throw new Error(`no collection for ${name}`);
        const inputs = read(`beats/${module}/collection/${collection}`) as JsonObject[];
        const outputs = read(`beats/${module}/ingest/${name}`) as JsonObject[];
        if (inputs.length !== outputs.length) throw new Error(`${name}: ${inputs.length} in, ${outputs.length} out`);
        inputs.forEach((input, i) => found.push({ name: `${base}#${i + 1}`, input, expected: outputs[i]! }));
      }
      return found;
    },
  };
}

function integration(path: string, flavour: Flavour): Suite {
  return {
    title: `integrations/${path}`,
    flavour,
    cases() {
      const found: Case[] = [];
      const folder = `integrations/${path}/`;
      for (const name of readdirSync(new URL(folder, SUITES)).sort()) {
        if (!name.endsWith(".json") || name.endsWith("-expected.json")) continue;
        const { events } = read(folder + name) as { events: JsonObject[] };
        const { expected } = read(`${folder}${name}-expected.json`) as { expected: JsonObject[] };
        events.forEach((input, i) => found.push({ name: `${name}#${i + 1}`, input, expected: expected[i]! }));
      }
      return found;
    },
  };
}

const ALL: readonly Suite[] = [
  beats("sysmon"),
  beats("security"),
  beats("powershell"),
  integration("system/data_stream/security", "agent"),
  integration("windows/data_stream/forwarded", "forwarded"),
  integration("windows/data_stream/sysmon_operational", "agent"),
  integration("windows/data_stream/powershell", "agent"),
  integration("windows/data_stream/powershell_operational", "agent"),
];

/** Fields whose value no one can know offline, with the reason. They are left out of the comparison. */
const UNKNOWABLE = new Map([["event.ingested", "the time at which Elasticsearch took the document"]]);

function flatten(value: Json, name: string, into: Map<string, string>): void {
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const key of Object.keys(value)) flatten(value[key]!, name === "" ? key : `${name}.${key}`, into);
    return;
  }
  if (isObject(value)) return;
  into.set(name, stable(value));
}

/** Objects in arrays by the order of their keys' names. */
function stable(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${stable(value[key]!)}`)
    .join()}}`;
}

const show = process.env["SHOW"] !== undefined;

describe.skipIf(!existsSync(SUITES))("Elastic's own cases", () => {
  test.for(ALL.map((suite) => [suite.title, suite] as const))("%s", ([title, suite], { task }) => {
    const normaliser = createNormaliser({ strictElastic: true, flavour: suite.flavour });
    let documents = 0;
    let equalDocuments = 0;
    let fields = 0;
    let equalFields = 0;
    const differing: string[] = [];
    for (const { name, input, expected } of suite.cases()) {
      const before = JSON.stringify(input);
      const { event } = normaliser.normalise({ kind: "document", place: { file: name }, document: input });
      expect(JSON.stringify(input), `${name}: the record is left as it was`).toBe(before);
      const want = new Map<string, string>();
      const have = new Map<string, string>();
      flatten(expected, "", want);
      flatten(event, "", have);
      for (const field of UNKNOWABLE.keys()) {
        want.delete(field);
        have.delete(field);
      }
      let same = true;
      for (const field of new Set([...want.keys(), ...have.keys()])) {
        fields++;
        if (want.get(field) === have.get(field)) equalFields++;
        else {
          same = false;
          differing.push(`${name} ${field}: expected ${want.get(field)} but have ${have.get(field)}`);
        }
      }
      documents++;
      if (same) equalDocuments++;
    }
    task.meta.counted = { table: "ECS documents", row: title, of: documents, same: equalDocuments };
    console.info(`${title}: ${equalDocuments} of ${documents} documents equal, ${equalFields} of ${fields} fields`);
    if (show) console.info(differing.map((line) => line.slice(0, 400)).join("\n"));
    expect(differing.length).toBe(0);
  });
});
