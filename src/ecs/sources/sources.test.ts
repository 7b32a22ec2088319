import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../readers/index.ts";
import type { Flavour } from "../mapping/context.ts";
import { text } from "../object.ts";
import { createNormaliser } from "../normalise.ts";
import { SECURITY_EVENTS } from "../windows/security/events.ts";
import type { EventShape } from "../source.ts";
import { SYSMON_EVENTS } from "../windows/sysmon/events.ts";
import { sourceOfDocument } from "../source-of-document.ts";
import { WINDOWS_LOGS } from "../windows/logs.ts";
import { AGENT_DATASETS, SHIPPERS } from "../windows/shippers.ts";
import { sourceById, sources } from "./sources.ts";
import { namesOf } from "./windows.ts";

const shapesOf = (id: string, code: string): readonly EventShape[] =>
  sourceById(id)?.produces.filter((shape) => shape.codes.includes(code)) ?? [];

test("ids are unique, every source says where its documents land", () => {
  const ids = sources().map((source) => source.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const source of sources()) {
    expect(source.indexPatterns.length, source.id).toBeGreaterThan(0);
    expect(source.produces.length, source.id).toBeGreaterThan(0);
    for (const shape of source.produces) expect(new Set(shape.fields).size, `${source.id} ${shape.title}`).toBe(shape.fields.length);
  }
});

test("every code that is mapped is declared", () => {
  for (const prefix of ["winlogbeat", "elastic-agent", "forwarded"]) {
    for (const code of SECURITY_EVENTS.keys()) expect(shapesOf(`${prefix}.security`, code).length, `${prefix} ${code}`).toBe(1);
    for (const code of SYSMON_EVENTS.keys())
      expect(
        shapesOf(prefix === "elastic-agent" ? "elastic-agent.sysmon_operational" : `${prefix}.sysmon`, code).length,
        `${prefix} ${code}`,
      ).toBe(1);
  }
});

test("records of every known log come from a source that is declared, raw or mapped", () => {
  for (const flavour of ["winlogbeat", "agent", "forwarded"] as const) {
    const normaliser = createNormaliser({ flavour });
    for (const { key, channel } of WINDOWS_LOGS) {
      const raw = { winlog: { channel, event_id: "1", event_data: {} }, event: { code: "1" } };
      const { source } = normaliser.normalise({ kind: "document", place: { file: "x" }, document: raw });
      expect(sourceById(source)?.id, `${flavour} ${key}`).toBe(SHIPPERS[flavour].id(key));
      const dataset = { winlogbeat: undefined, agent: AGENT_DATASETS[key], forwarded: "windows.forwarded" }[flavour];
      const mapped = {
        event: { category: ["process"], kind: "event", dataset: dataset ?? "", module: "sysmon" },
        ecs: { version: "8" },
        winlog: { channel },
      };
      if (dataset !== undefined) expect(sourceOfDocument(mapped, undefined).source, `${flavour} ${key}`).toBe(SHIPPERS[flavour].id(key));
    }
  }
  const module = {
    event: { module: "powershell", category: ["process"] },
    winlog: { channel: "Microsoft-Windows-PowerShell/Operational" },
  };
  expect(sourceOfDocument(module, undefined).source).toBe("winlogbeat.powershell_operational");
  expect(sourceOfDocument({ event: module.event }, undefined).source).toBe("winlogbeat.powershell");
});

describe("what rules about admin shares turn on", () => {
  test("no source has a command line on a connection, nor Defend the type connection", () => {
    for (const source of sources()) {
      for (const shape of source.produces) {
        if (!shape.category.includes("network") || !shape.fields.includes("destination.port")) continue;
        expect(shape.fields, `${source.id} ${shape.title}`).not.toContain("process.command_line");
        if (source.id.startsWith("endpoint.")) expect(shape.type).not.toContain("connection");
      }
    }
  });

  test("5145 knows the share but no port of its own and no process", () => {
    const [shape] = shapesOf("elastic-agent.security", "5145");
    expect(shape?.category).toEqual(["network", "file"]);
    expect(shape?.type).toEqual(["info", "access"]);
    expect(shape?.action).toEqual(["network-share-object-access-checked"]);
    expect(shape?.fields).toEqual(
      expect.arrayContaining([
        "winlog.event_data.ShareName",
        "winlog.event_data.RelativeTargetName",
        "file.name",
        "source.ip",
        "winlog.logon.id",
      ]),
    );
    expect(shape?.fields).not.toContain("destination.port");
    expect(shape?.fields).not.toContain("process.name");
    expect(shapesOf("forwarded.security", "5145")[0]?.category).toEqual([]);
  });

  test("7045 has a category only by our addition", () => {
    const [shape] = shapesOf("winlogbeat.system", "7045");
    expect(shape?.category).toEqual([]);
    expect(shape?.additions?.category).toEqual(["iam", "configuration"]);
  });

  test("4688 has a command line but no original file name", () => {
    const [shape] = shapesOf("winlogbeat.security", "4688");
    expect(shape?.fields).toContain("process.command_line");
    expect(shape?.fields).not.toContain("process.pe.original_file_name");
    expect(shapesOf("winlogbeat.sysmon", "1")[0]?.fields).toContain("process.pe.original_file_name");
  });

  test("Filebeat's raw documents have event data only", () => {
    const [shape] = shapesOf("filebeat.winlog", "4688");
    expect(shape?.category).toEqual([]);
    expect(shape?.fields).toContain("winlog.event_data.CommandLine");
    expect(shape?.fields).not.toContain("process.command_line");
  });
});

const SUITES = new URL("../../../../shared/suites/ecs/", import.meta.url);

/** Names that hold what an administrator or a provider chose, so that no list of them is complete. */
const OPEN = [/^winlog\.event_data\.(?:Old|New)Sd[DS]acl[0-9]+$/, /^agent\./, /^(?:host|log|input|related|data_stream|elastic_agent)\./];

function* inputs(flavour: Flavour): Generator<JsonObject> {
  for (const file of readdirSync(SUITES, { recursive: true, encoding: "utf8" }).sort()) {
    if (!file.endsWith(".json") || file.startsWith("endpoint") || file.includes("/ingest/") || file.endsWith("-expected.json")) continue;
    const shipper = file.startsWith("beats/") ? "winlogbeat" : file.includes("/forwarded/") ? "forwarded" : "agent";
    if (shipper !== flavour) continue;
    const content = JSON.parse(readFileSync(new URL(file, SUITES), "utf8")) as JsonObject[] | { events: JsonObject[] };
    yield* Array.isArray(content) ? content : content.events;
  }
}

describe.skipIf(!existsSync(SUITES))("the declarations are true of Elastic's own cases", () => {
  test.each([true, false])("strict: %s", (strictElastic) => {
    const undeclared = new Map<string, number>();
    let events = 0;
    for (const flavour of ["winlogbeat", "agent", "forwarded"] as const) {
      const normaliser = createNormaliser({ strictElastic, flavour });
      for (const document of inputs(flavour)) {
        const { event, source } = normaliser.normalise({ kind: "document", place: { file: "x" }, document });
        const described = event["event"] as JsonObject;
        const code = text(described["code"]) ?? "";
        const [shape] = shapesOf(source, code);
        if (shape === undefined) continue;
        events++;
        const allowed = (values: readonly string[], more: readonly string[] | undefined): Set<string> =>
          new Set(strictElastic ? values : [...values, ...(more ?? [])]);
        for (const name of ["category", "type", "action"] as const) {
          const set = allowed(shape[name], shape.additions?.[name]);
          const found = described[name];
          for (const value of found === undefined ? [] : Array.isArray(found) ? found : [found]) {
            if (!set.has(text(value) ?? "")) count(undeclared, `${source} ${code} event.${name} = ${text(value)}`);
          }
        }
        const fields = allowed(shape.fields, shape.additions?.fields);
        const names = new Set<string>();
        namesOf(event, "", names);
        for (const name of names) {
          if (
            fields.has(name) ||
            ["event.category", "event.type", "event.action", "event.code"].includes(name) ||
            OPEN.some((open) => open.test(name))
          )
            continue;
          count(undeclared, `${source} ${code} ${name}`);
        }
      }
    }
    expect(events).toBeGreaterThan(600);
    expect([...undeclared].map(([what, times]) => `${what} (${times})`)).toEqual([]);
  });
});

function count(into: Map<string, number>, what: string): void {
  into.set(what, (into.get(what) ?? 0) + 1);
}
