import { describe, expect, test } from "vitest";
import { fieldAccess, type EventDocument } from "../../eql/index.ts";
import { NewTermsMachine } from "./new-terms.ts";

const machine = (fields: readonly string[], limit?: number, seen?: Iterable<readonly [string, number]>): NewTermsMachine<EventDocument> =>
  new NewTermsMachine({ kind: "new-terms", fields, historyMs: 1000 }, fieldAccess, (event) => event, limit, seen);

const alerts = (of: NewTermsMachine<EventDocument>, events: readonly (readonly [number, EventDocument])[]): unknown[] =>
  events.flatMap(([time, event]) => of.accept(event, time).map(({ values }) => [time, values]));

describe("new terms", () => {
  test("what was not seen within the history is new, the history's edge included in it", () => {
    const x = { host: "x" };
    expect(
      alerts(machine(["host"]), [
        [0, x],
        [1000, x],
        [2000, x],
        [3001, x],
      ]),
    ).toEqual([
      [0, ["x"]],
      [3001, ["x"]],
    ]);
  });

  test("of several fields the combination counts", () => {
    expect(
      alerts(machine(["host", "user"]), [
        [0, { host: "x", user: "a" }],
        [1, { host: "y", user: "b" }],
        [2, { host: "x", user: "b" }],
        [3, { host: "x", user: "a" }],
        [4, { host: "x" }],
      ]),
    ).toEqual([
      [0, ["x", "a"]],
      [1, ["y", "b"]],
      [2, ["x", "b"]],
    ]);
  });

  test("an event with several values is one alert, by the first that is new", () => {
    expect(
      alerts(machine(["host"]), [
        [0, { host: "x" }],
        [1, { host: ["x", "y", "z"] }],
        [2, { host: "z" }],
      ]),
    ).toEqual([
      [0, ["x"]],
      [1, ["y"]],
    ]);
  });

  test("at most 100 combinations of an event are looked at", () => {
    const values = Array.from({ length: 150 }, (_, at) => `v${at}`);
    const of = machine(["host"]);
    of.accept({ host: values }, 0);
    expect(of.seen.size).toBe(100);
  });

  test("too many terms: the one longest unseen is forgotten, and counted; what has expired is not", () => {
    const of = machine(["host"], 2);
    alerts(of, [
      [0, { host: "x" }],
      [1, { host: "y" }],
      [2, { host: "z" }],
    ]);
    expect(of.evicted).toBe(1);
    expect([...of.seen.keys()]).toEqual(['["y"]', '["z"]']);
    alerts(of, [[5000, { host: "w" }]]);
    expect(of.evicted).toBe(1);
    expect(of.seen.size).toBe(1);
  });

  test("state that was kept goes on where it was", () => {
    const first = machine(["host"]);
    alerts(first, [[0, { host: "x" }]]);
    expect(alerts(machine(["host"], undefined, structuredClone([...first.seen])), [[10, { host: "x" }]])).toEqual([]);
  });
});
