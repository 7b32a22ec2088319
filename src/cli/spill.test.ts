import { expect, test } from "vitest";
import type { Observed, Timed } from "../workbench/index.ts";
import { FileSpill } from "./spill.ts";

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
