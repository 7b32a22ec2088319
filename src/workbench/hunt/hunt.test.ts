import { expect, test } from "vitest";
import type { RunnableRule } from "../../detect/index.ts";
import { check, parse } from "../../eql/index.ts";
import { Hunt, type HuntOptions, type HuntResult } from "./hunt.ts";

function rule(key: string, text: string): RunnableRule {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  expect(check(query!, { profile: "tocsin", text }).diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return {
    key: `T/${key}`,
    uuid: key,
    name: key,
    description: "",
    version: "1.0.0",
    severity: "high",
    riskScore: 73,
    kind: "detection",
    language: "eql",
    query: query!,
    threat: [],
    tags: [],
    references: [],
    dedup: null,
    title: null,
  };
}

function hunt(queries: readonly string[], events: readonly object[], options: Partial<HuntOptions> = {}): HuntResult {
  const made = new Hunt({ packages: [], rules: queries.map((text, i) => rule(`R${i}`, text)), ...options });
  events.forEach((value, at) => made.record({ kind: "document", document: value as never, place: { file: "e.ndjson", line: at + 1 } }));
  return made.finish();
}

const faultsOf = ({ faults }: HuntResult): unknown[] => faults.map(({ rule, code, count }) => [rule?.uuid, code, count]);

/** The lines of the events of each alert, of each rule. */
function lines(result: HuntResult): { [rule: string]: (number | null | undefined)[][] } {
  const found: { [rule: string]: (number | null | undefined)[][] } = {};
  for (const alert of result.alerts)
    (found[alert.rule.uuid] ??= []).push(alert.events.map((event) => (event === null ? null : event.place.line)));
  return found;
}

const connection = (second: number, host: string, to: string): object => ({
  "@timestamp": `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`,
  event: { category: ["network"], type: ["start"] },
  host: { id: host },
  source: { ip: host === "h1" ? "10.0.0.1" : "192.168.0.9" },
  destination: { ip: to, port: 445 },
});

// Read in another order than that of time.
const EVENTS = [
  connection(3, "h1", "10.0.1.3"),
  connection(1, "h1", "10.0.1.1"),
  connection(5, "h2", "10.0.1.1"),
  connection(2, "h1", "10.0.1.2"),
  connection(4, "h1", "10.0.1.3"),
];

test("rules with pipes choose among their matches in the order of time", () => {
  const result = hunt(
    [
      "network where true | head 2",
      "network where true | tail 2",
      "network where true | tail 3 | head 1",
      "network where true | unique host.id",
      "network where true | sort destination.ip | head 1",
      'network where true | filter host.id == "h2"',
      "network where true | unique_count host.id | tail 1",
    ],
    EVENTS,
  );
  expect(lines(result)).toEqual({
    R0: [[2], [4]],
    R1: [[5], [3]],
    R2: [[1]],
    R3: [[2], [3]],
    R4: [[2]],
    R5: [[3]],
    R6: [[3]],
  });
  expect(result.rules.map(({ matched }) => matched)).toEqual([5, 5, 5, 5, 5, 5, 5]);
});

test("a distinct count alerts on fan-out, with one event per value and its key", () => {
  const result = hunt(['network where destination.port == 445 | distinct_count destination.ip, 3, "10s", source.ip'], EVENTS);
  expect(lines(result)).toEqual({ R0: [[2, 4, 1]] });
  expect(result.alerts[0]!.keys).toEqual(["10.0.0.1"]);
  expect(lines(hunt(['network where true | distinct_count destination.ip, 3, "1s", source.ip'], EVENTS))).toEqual({});
});

test("sequences with pipes, and samples", () => {
  const result = hunt(
    [
      "sequence by host.id [network where true] [network where true] | head 1",
      'sample by destination.ip [network where host.id == "h1"] [network where host.id == "h2"]',
    ],
    EVENTS,
  );
  expect(lines(result)).toEqual({ R0: [[2, 4]], R1: [[2, 3]] });
});

test("what pipes are given to choose from is bounded, and what is not held is reported", () => {
  const many = Array.from({ length: 100_100 }, (_, i) => ({
    "@timestamp": new Date(1_767_225_600_000 + i).toISOString(),
    event: { category: ["network"] },
    n: i,
  }));
  const result = hunt(["network where true | sort n | tail 1", "network where true | tail 1"], many, { spill: memorySpill() });
  expect(faultsOf(result)).toEqual([["R0", "rule/state-given-up", 100]]);
  expect(lines(result)["R1"]).toEqual([[100_100]]);
});

function memorySpill(): NonNullable<HuntOptions["spill"]> {
  return { write: (run) => [...run] };
}

test("fields have the types of ECS, in conditions and in keys, as they have in a query", () => {
  const at = (second: number, process: object): object => ({
    "@timestamp": `2026-01-01T00:00:0${second}.000Z`,
    event: { category: ["process"] },
    process,
    source: { ip: "10.9.8.7" },
  });
  const result = hunt(
    [
      'process where @timestamp > "2026-01-01T01:00:01.500+01:00"',
      'process where source.ip == "10.0.0.0/8"',
      "process where process.pid == 4",
      "sequence by process.start [process where true] [process where true]",
      'process where @timestamp > "now-1h"',
    ],
    // Exports to CSV and the like have numbers as texts.
    [at(1, { pid: "4", start: "2026-01-01T00:00:00Z" }), at(2, { pid: 4, start: "2026-01-01T01:00:00+01:00" })],
    { now: Date.parse("2026-01-01T00:30:00Z") },
  );
  expect(lines(result)).toEqual({ R0: [[2]], R1: [[1], [2]], R2: [[1], [2]], R3: [[1, 2]], R4: [[1], [2]] });
});

test("conditions that cannot be computed are counted, for each rule that has them, whatever it shares with others", () => {
  const process = (name: string): object => ({ "@timestamp": "2026-01-01T00:00:00Z", event: { category: ["process"] }, process: { name } });
  const result = hunt(
    [
      "process where number(process.name) == 4",
      'process where number(process.name) == 4 and process.name != "1"',
      "process where number(process.name) == 4 or user.name == null",
      "process where true | filter number(process.name) == 5",
      'sequence [process where number(process.name) == 4] [process where process.name == "z"]',
      "sample by process.name [process where number(process.name) == 4] [process where true]",
    ],
    [process("x"), process("y"), process("x"), process("1")],
  );
  const times = (code: string): unknown =>
    Object.fromEntries(
      faultsOf(result).flatMap((fault) => ((fault as string[])[1] === code ? [[(fault as string[])[0], (fault as string[])[2]]] : [])),
    );
  const counts = times("eql/bad-number") as { [rule: string]: number };
  expect(Object.keys(counts).sort()).toEqual(["R0", "R1", "R2", "R3", "R4", "R5"]);
  for (const rule of Object.keys(counts)) expect(counts[rule], rule).toBeGreaterThanOrEqual(2);
});

test("what makes no alert for want of time or room is counted for its rule", () => {
  const event = (name: string, timed: boolean): object => ({
    ...(timed ? { "@timestamp": "2026-01-01T00:00:00Z" } : {}),
    event: { category: ["process"] },
    process: { name },
  });
  const sequences = [
    'sequence [process where process.name == "a"] [process where process.name : "b*"]',
    'process where process.name == "b"',
  ];
  expect(faultsOf(hunt(sequences, [event("a", false), event("bc", false), event("b", true), event("q", false)]))).toEqual([
    ["R0", "rule/event-without-time", 2],
  ]);
  const kept = hunt(sequences, [event("b", true), event("b", true), event("b", true)], { maxAlerts: 1 });
  expect([kept.alertsNotKept, faultsOf(kept)]).toEqual([2, [["R1", "rule/alert-not-kept", 2]]]);
});

test("events of more kinds than are counted are a fault", () => {
  const many = Array.from({ length: 10_003 }, (_, i) => ({ event: { category: ["process"], code: String(i) } }));
  expect(faultsOf(hunt([], many))).toEqual([[undefined, "hunt/kind-not-counted", 3]]);
});

test("the weight of the events that alerts keep adds up: what is beyond the bound is counted", () => {
  const events = [1, 2, 3, 4].map((n) => ({
    "@timestamp": `2026-01-01T00:00:0${n}Z`,
    event: { category: "process" },
    message: "x".repeat(1000),
  }));
  const result = hunt(["process where true"], events, { maxWeight: 2500 });
  expect([result.alerts.length, result.alertsNotKept]).toEqual([2, 2]);
  expect(hunt(["process where true"], events).alerts).toHaveLength(4);
});
