import fc from "fast-check";
import { expect, test } from "vitest";
import { Timeline, type Spill, type Timed } from "./timeline.ts";

const memory = <E>(): Spill<E> & { runs: number } => ({
  runs: 0,
  write(run) {
    this.runs++;
    return JSON.parse(JSON.stringify(run)) as Timed<E>[];
  },
});

test("events come out in time order, ties as they were read, however small the memory", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }))),
      fc.integer({ min: 1, max: 7 }),
      (times, limit) => {
        const timeline = new Timeline<number>(limit, memory());
        times.forEach(([ms, ns], i) => expect(timeline.add(ms, ns, [], i)).toBe(true));
        const expected = times
          .map(([ms, ns], i) => ({ ms, ns, i }))
          .sort((a, b) => a.ms - b.ms || a.ns - b.ns || a.i - b.i)
          .map((t) => t.i);
        expect([...timeline.inOrder()].map((t) => t.event)).toEqual(expected);
      },
    ),
  );
});

test("a full timeline without a spill says what it drops", () => {
  const timeline = new Timeline<string>(2, null);
  expect(["a", "b", "c"].map((name) => timeline.add(0, 0, [], name))).toEqual([true, true, false]);
  expect([...timeline.inOrder()].map((t) => t.event)).toEqual(["a", "b"]);
});

test("memory is spilled in runs of the limit", () => {
  const spill = memory<number>();
  const timeline = new Timeline<number>(10, spill);
  for (let i = 0; i < 95; i++) timeline.add(i % 13, 0, [], i);
  expect(spill.runs).toBe(9);
  expect([...timeline.inOrder()]).toHaveLength(95);
});

test("heavy events are spilled sooner", () => {
  const spill = memory<string>();
  const timeline = new Timeline<string>(1_000, spill, { of: (text) => text.length, most: 100 });
  const texts = Array.from({ length: 40 }, (_, i) => "x".repeat(i === 20 ? 500 : 10));
  texts.forEach((text, i) => timeline.add(i, 0, [], text));
  // Two runs of ten, the one that is too heavy by itself, and nineteen more.
  expect(spill.runs).toBe(4);
  expect([...timeline.inOrder()].map((timed) => timed.event)).toEqual(texts);
});
