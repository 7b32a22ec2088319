import { expect, test } from "vitest";
import type { Observed, Timed } from "../workbench/index.ts";
import { AlertFile, FileSpill } from "./spill.ts";

test("runs come back as they were written, whatever their size", () => {
  const run = (length: number, size: number): Timed<Observed>[] =>
    Array.from({ length }, (_, order) => ({
      ms: order,
      ns: 1,
      order,
      items: [order],
      event: { event: { text: `${order}`.padEnd(size, "x"), big: 2n ** 63n }, source: "ecs", place: { file: "a", record: 5n } },
    }));
  const spill = new FileSpill();
  const runs = [run(3, 10), run(0, 0), run(5000, 300), run(3, 3_000_000)];
  const written = runs.map((one) => spill.write(one));
  expect(written.map((one) => [...one])).toEqual(runs);
  spill.dispose();
});

test("alerts come back as they were put, in whatever order they are asked for", () => {
  const file = new AlertFile();
  const values: unknown[] = [];
  for (let n = 0; n < 3_000; n++)
    values.push(
      [
        { n, text: "x".repeat(n) },
        { place: { file: "ä\u2028\ud800", record: 2n ** 63n } },
        { time: null, keys: [Infinity, -1.5, Number.NaN] },
        { events: [n], row: { __proto__x: "null" } },
        { wide: "😀".repeat(n % 7 === 0 ? 3_000 : 1) },
      ][n % 5],
    );
  const places = values.map((value) => file.put(value));
  for (const n of [...values.keys(), 17, 2_999, 0, 1_500]) expect(file.get(places[n]!)).toEqual(values[n]);
});
