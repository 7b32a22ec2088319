import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldAccess, type EventDocument } from "../../eql/index.ts";
import type { Threshold } from "./grouping.ts";
import { THRESHOLD_LIMITS, ThresholdMachine } from "./threshold.ts";

const rule = (over: Partial<Threshold> = {}): Threshold => ({
  kind: "threshold",
  fields: ["user"],
  count: 3,
  cardinality: [],
  windowMs: 1000,
  ...over,
});
const machine = (over: Partial<Threshold> = {}, limits = THRESHOLD_LIMITS): ThresholdMachine<EventDocument> =>
  new ThresholdMachine(rule(over), fieldAccess, (event) => event, limits);

/** Times and values of the alerts over events. */
function alerts(of: ThresholdMachine<EventDocument>, events: readonly (readonly [number, EventDocument])[]): unknown[] {
  return events.flatMap(([time, event]) => of.accept(event, time).map(({ values, count }) => [time, values, count]));
}

describe("a threshold", () => {
  const a = { user: "a" };
  const b = { user: "b" };

  test("is reached by enough events of one group within the window, its edge included", () => {
    expect(
      alerts(machine(), [
        [0, a],
        [1, b],
        [500, a],
        [1000, a],
      ]),
    ).toEqual([[1000, ["a"], 3]]);
    expect(
      alerts(machine(), [
        [0, a],
        [500, a],
        [1001, a],
      ]),
    ).toEqual([]);
  });

  test("an event counts towards one alert only", () => {
    expect(
      alerts(
        machine(),
        [0, 1, 2, 3, 4, 5, 6].map((time) => [time, a] as const),
      ),
    ).toEqual([
      [2, ["a"], 3],
      [5, ["a"], 3],
    ]);
  });

  test("an event without the field is in no group; one with several values is in each", () => {
    expect(
      alerts(machine({ count: 1 }), [
        [0, {}],
        [1, { user: ["a", "b"] }],
      ]),
    ).toEqual([
      [1, ["a"], 1],
      [1, ["b"], 1],
    ]);
  });

  test("without fields all events are one group", () => {
    expect(
      alerts(machine({ fields: [], count: 2 }), [
        [0, a],
        [1, b],
      ]),
    ).toEqual([[1, [], 2]]);
  });

  test("different values of a field are needed within the window as well", () => {
    const over: Partial<Threshold> = { count: 1, cardinality: [{ field: "host", value: 2 }] };
    const on = (host: string): EventDocument => ({ user: "a", host });
    expect(
      alerts(machine(over), [
        [0, on("x")],
        [1, on("x")],
        [900, on("y")],
      ]),
    ).toEqual([[900, ["a"], 3]]);
    expect(
      alerts(machine(over), [
        [0, on("x")],
        [1001, on("y")],
      ]),
    ).toEqual([]);
    expect(
      alerts(machine(over), [
        [0, on("x")],
        [10, a],
      ]),
    ).toEqual([]);
  });

  test("too many groups: the one longest without an event is given up, and counted", () => {
    const few = machine({ count: 2 }, { ...THRESHOLD_LIMITS, groups: 2 });
    expect(
      alerts(few, [
        [0, a],
        [1, b],
        [2, { user: "c" }],
        [3, a],
      ]),
    ).toEqual([]);
    expect(few.evicted).toBe(2);
    expect(few.groups.size).toBe(2);
  });

  test("an alert shows the latest events; with much held only the last", () => {
    const [match] = [...Array(5).keys()].flatMap((at) =>
      machineOf.accept({ user: "a", at }, at).map(({ events, count }) => ({ count, at: events.map((event) => event["at"]) })),
    );
    expect(match).toEqual({ count: 5, at: [3, 4] });
  });
  const machineOf = machine({ count: 5 }, { ...THRESHOLD_LIMITS, eventsOfGroup: 2 });

  test("state that was kept goes on where it was", () => {
    const first = machine();
    alerts(first, [
      [0, a],
      [1, a],
    ]);
    const kept = structuredClone([...first.groups]);
    const second = new ThresholdMachine<EventDocument>(rule(), fieldAccess, (event) => event, THRESHOLD_LIMITS, kept);
    expect(alerts(second, [[2, a]])).toEqual([[2, ["a"], 3]]);
  });

  test("finds what counting anew at each event finds", () => {
    const event = fc.record({ user: fc.constantFrom("a", "b", undefined), host: fc.constantFrom("x", "y", "z", undefined) });
    const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), event), { maxLength: 40 });
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }), (steps, count, different) => {
        let time = 0;
        const timed = steps.map(([step, one]) => [(time += step), one] as const);
        const over: Partial<Threshold> = { count, cardinality: different === 0 ? [] : [{ field: "host", value: different }] };
        expect(alerts(machine(over), timed)).toEqual(naive(rule(over), timed));
      }),
      { numRuns: 500 },
    );
  });
});

/** All events since the group's last alert, looked at again each time. */
function naive(of: Threshold, events: readonly (readonly [number, { user: string | undefined; host: string | undefined }])[]): unknown[] {
  const found: unknown[] = [];
  const last = new Map<string, number>();
  events.forEach(([time, { user }], at) => {
    if (user === undefined) return;
    const window = events
      .slice((last.get(user) ?? -1) + 1, at + 1)
      .filter(([then, one]) => one.user === user && then >= time - of.windowMs);
    const enough = of.cardinality.every(({ value }) => new Set(window.flatMap(([, { host }]) => host ?? [])).size >= value);
    if (window.length < of.count || !enough) return;
    found.push([time, [user], window.length]);
    last.set(user, at);
  });
  return found;
}
