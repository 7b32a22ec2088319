import { describe, expect, test } from "vitest";
import { parse } from "../../eql/index.ts";
import { explain } from "./explain.ts";
import { reasons } from "./reasons.ts";

function explained(text: string, events: readonly { readonly [key: string]: unknown }[]) {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return explain(query!, text, events);
}

const start = (name: string, args: readonly string[], more: object = {}) => ({
  "@timestamp": "2026-03-04T09:15:00.000Z",
  event: { category: ["process"], type: ["start"] },
  process: { name, args, ...more },
});

describe("an event query", () => {
  const text =
    'process where event.type == "start" and (process.name : "net.exe" or ?process.pe.original_file_name : "net.exe") and process.args : "use" and not process.args : "/d"';

  test("true nodes are true", () => {
    const found = explained(text, [start("net.exe", ["net", "use"])]);
    expect(found?.kind === "event" && found.explanation.matches).toBe(true);
    expect(found?.kind === "event" && found.explanation.condition.children.map((c) => c.truth)).toEqual(["true", "true", "true", "true"]);
    expect(found?.kind === "event" && reasons(found.explanation)).toEqual([]);
  });

  test("a wrong value is shown, the nearest event is chosen", () => {
    const found = explained(text, [start("cmd.exe", ["cmd"]), start("net.exe", ["net", "view"])]);
    if (found?.kind !== "event") throw new Error("not an event");
    expect(found.event).toBe(1);
    expect(reasons(found.explanation)).toEqual(['process.args : "use" (process.args is ["net", "view"])']);
  });

  test("alternatives that all fail are one reason, a missing field is not present", () => {
    const found = explained(text, [start("n.exe", ["n", "use"])]);
    if (found?.kind !== "event") throw new Error("not an event");
    expect(reasons(found.explanation)).toEqual([
      'any of: process.name : "net.exe" (process.name is "n.exe"); ?process.pe.original_file_name : "net.exe" (process.pe.original_file_name is not present)',
    ]);
    const [, alternatives] = found.explanation.condition.children;
    expect(alternatives!.children.map((c) => c.truth)).toEqual(["false", "missing"]);
  });

  test("a negation and the category", () => {
    const found = explained(text, [{ ...start("net.exe", ["net", "use", "/d"]), event: { category: ["network"], type: ["start"] } }]);
    if (found?.kind !== "event") throw new Error("not an event");
    expect(reasons(found.explanation)).toEqual([
      'event.category == "process" (event.category is "network")',
      'not process.args : "/d" (process.args is ["net", "use", "/d"])',
    ]);
  });
});

const event = (code: string, seconds: number, user: string | null = "S-1") => ({
  "@timestamp": `2026-03-04T09:${String(15 + Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}.000Z`,
  event: { code },
  host: { id: "SRV01" },
  ...(user === null ? {} : { user: { id: user } }),
});

describe("a sequence", () => {
  const text =
    'sequence by host.id with maxspan=1m [any where event.code == "5145"] by user.id [any where event.code == "4697"] by user.id';
  const sequence = (...events: readonly { readonly [key: string]: unknown }[]) => {
    const found = explained(text, events);
    if (found?.kind !== "sequence") throw new Error("not a sequence");
    return found;
  };

  test("complete", () => {
    expect(sequence(event("5145", 0), event("4697", 30))).toMatchObject({ reached: 2, waitedFor: [] });
  });

  test("nothing matches the stage", () => {
    const found = sequence(event("5145", 0), event("7045", 30));
    expect(found.reached).toBe(1);
    expect(found.waitedFor).toEqual(['No event matches stage 2: any where event.code == "4697"']);
    expect(found.stages[1]!.nearest?.event).toBe(0);
  });

  test("another key", () => {
    const found = sequence(event("5145", 0, "S-1"), event("4697", 30, "S-2"));
    expect(found.waitedFor).toEqual([
      'Stage 2 waits for host.id = "SRV01", user.id = "S-1"; the events that match it have host.id = "SRV01", user.id = "S-2"',
    ]);
  });

  test("no key at all", () => {
    expect(sequence(event("5145", 0), event("4697", 30, null)).waitedFor).toEqual([
      "Events match stage 2, but none has all of host.id, user.id",
    ]);
  });

  test("too late, and too early", () => {
    expect(sequence(event("5145", 0), event("4697", 90)).waitedFor).toEqual([
      'Stage 2 for host.id = "SRV01", user.id = "S-1" came 90 s after the first event; maxspan is 1m (60 s)',
    ]);
    expect(sequence(event("4697", 0), event("5145", 10)).waitedFor[0]).toContain("comes before the stage it should follow");
  });
});

test("no events, no explanation", () => {
  expect(explained("any where true", [])).toBeNull();
});
