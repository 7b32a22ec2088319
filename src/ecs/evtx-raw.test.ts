import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Json, type JsonObject, openInput, type Problem, type LogRecord } from "../readers/index.ts";
import { createNormaliser } from "./normalise.ts";
import { isObject } from "./object.ts";

/**
 * The raw documents that Elastic's Beats made of event logs, on Windows, against ours of the same logs: what is read out of the bytes
 * must be what Winlogbeat read. They lie beside the checkout and are only read.
 */
const SUITES = new URL("../../../shared/suites/ecs/beats/", import.meta.url);

/** What an event log does not hold, and where Winlogbeat has it from. */
const NOT_IN_THE_LOG = new Map([
  ["message", "the provider's message table, with the values put in"],
  ["event.action", "the name of the task in the provider's message table; the log holds its number"],
  ["winlog.task", "the name of the task in the provider's message table; the log holds its number"],
  ["winlog.user.name", "the account of the SID, looked up on the machine that ran Winlogbeat"],
  ["winlog.user.domain", "the account of the SID, looked up on the machine that ran Winlogbeat"],
  ["winlog.user.type", "the account of the SID, looked up on the machine that ran Winlogbeat"],
]);

/** What we add to the raw document that the goldens' runs did not. */
const NOT_IN_THE_GOLDEN = new Map([["log.file.path", "where the record was found; the goldens were made without it"]]);

/** Opcodes from here on are the provider's own: their names too stand in its message table. */
const OWN_OPCODES = 10;

function flatten(value: Json, name: string, into: Map<string, string>): void {
  if (isObject(value)) {
    for (const key of Object.keys(value)) flatten(value[key]!, name === "" ? key : `${name}.${key}`, into);
    return;
  }
  into.set(
    name,
    JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? v.toString() : v)),
  );
}

function readLog(log: URL): { readonly raw: JsonObject; readonly opcode: number }[] {
  const normaliser = createNormaliser({ strictElastic: true });
  const found: { readonly raw: JsonObject; readonly opcode: number }[] = [];
  const decoder = openInput("log.evtx");
  const sink = {
    record: (record: LogRecord) => {
      const raw = normaliser.toRaw(record);
      if (raw !== null && record.kind === "windows") found.push({ raw, opcode: record.event.system.opcode ?? 0 });
    },
    problem: (problem: Problem) => {
      throw new Error(`${log.pathname}: ${problem.message}`);
    },
  };
  decoder.push(readFileSync(log), sink);
  decoder.end(sink);
  return found;
}

const show = process.env["SHOW"] !== undefined;

describe.skipIf(!existsSync(SUITES))("event logs as Winlogbeat reads them (skipped: no ../shared beside the checkout)", () => {
  test.each(["sysmon", "security", "powershell"])("%s", (module) => {
    const folder = new URL(`${module}/collection/`, SUITES);
    let documents = 0;
    let equalDocuments = 0;
    let fields = 0;
    let equalFields = 0;
    let left = 0;
    const differing: string[] = [];
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith(".evtx")) continue;
      const golden = JSON.parse(readFileSync(new URL(`${encodeURIComponent(name)}.golden.json`, folder), "utf8")) as JsonObject[];
      const ours = readLog(new URL(encodeURIComponent(name), folder));
      expect(ours.length, name).toBe(golden.length);
      for (let i = 0; i < golden.length; i++) {
        const want = new Map<string, string>();
        const have = new Map<string, string>();
        flatten(golden[i]!, "", want);
        flatten(ours[i]!.raw, "", have);
        for (const field of NOT_IN_THE_GOLDEN.keys()) have.delete(field);
        for (const field of NOT_IN_THE_LOG.keys()) {
          if (want.delete(field)) left++;
          have.delete(field);
        }
        if (ours[i]!.opcode >= OWN_OPCODES && want.delete("winlog.opcode")) left++;
        let same = true;
        for (const field of new Set([...want.keys(), ...have.keys()])) {
          fields++;
          if (want.get(field) === have.get(field)) equalFields++;
          else {
            same = false;
            differing.push(`${name}#${i + 1} ${field}: expected ${want.get(field)} but have ${have.get(field)}`);
          }
        }
        documents++;
        if (same) equalDocuments++;
      }
    }
    console.info(
      `beats/${module}: ${equalDocuments} of ${documents} documents equal, ${equalFields} of ${fields} fields; ${left} fields left out that no log holds`,
    );
    if (show) console.info(differing.map((line) => line.slice(0, 400)).join("\n"));
    expect(documents).toBeGreaterThan(0);
    expect(differing).toEqual([]);
  });
});
