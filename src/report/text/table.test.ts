import { expect, test } from "vitest";
import { textColumns } from "../../workbench/index.ts";
import { table } from "./table.ts";

const columns = [{ title: "host" }, { title: "count", align: "right" as const }, { title: "what", shrink: true }];

test("columns line up, numbers on the right", () => {
  expect(
    table(columns, [
      ["WS01", "7", "net use"],
      ["SRV01.corp", "1200", "x"],
    ]),
  ).toBe(["host        count  what", "WS01            7  net use", "SRV01.corp   1200  x"].join("\n"));
});

test("a row never exceeds the width while there is something to cut", () => {
  const text = table(columns, [["WS01", "7", "a very long command line ".repeat(10)]], 60);
  for (const line of text.split("\n")) expect(textColumns(line)).toBeLessThanOrEqual(60);
  expect(text).toContain("…");
});

test("hostile cells cannot break the line or the terminal", () => {
  expect(table(columns, [["a\nb", "1", "\u001b]0;title\u0007"]])).toBe(
    ["host  count  what", "a\\nb      1  \\x1b]0;title\\x07"].join("\n"),
  );
});

test("wide characters count two", () => {
  expect(textColumns("漢字a")).toBe(5);
});

test("a table may be as long as the answer", () => {
  const rows = Array.from({ length: 300_000 }, () => ["h", "1", "x"]);
  expect(table(columns, rows).length).toBeGreaterThan(2 * rows.length);
});

test("one huge cell widens the others no further than a bound; the last column is whole", () => {
  const huge = "h".repeat(100_000);
  const rows = [[huge, "what"], ...Array.from({ length: 1_000 }, () => ["a", huge])];
  const lines = table([{ title: "host" }, { title: "what" }], rows).split("\n");
  expect(lines[1]).toBe(`${"h".repeat(499)}…  what`);
  expect(lines[2]).toBe(`${"a".padEnd(500)}  ${huge}`);
});
