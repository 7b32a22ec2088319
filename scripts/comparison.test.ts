import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const COLUMNS = 8;

/** The rows of the table of docs/comparison.md, headings of groups left out. */
const rows = readFileSync(join(root, "docs", "comparison.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\|(?: \*\*| \|)/.test(line))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test("the table has rows, each of all columns", () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const row of rows) expect([row[0], row.length]).toEqual([row[0], COLUMNS]);
});

test.each(rows.map((row) => [row[0]!, row[1]!, row.at(-1)!] as const))("%s: %s", (_, ours, proof) => {
  if (ours === "no") return expect(proof).toBe("");
  const [, file, title] = /^`([^`:]+): ([^`]+)`$/.exec(proof) ?? [];
  expect([file, title], "a file and a part of a test's title").not.toContain(undefined);
  expect(existsSync(join(root, file!)), `${file} is there`).toBe(true);
  expect(readFileSync(join(root, file!), "utf8")).toContain(title);
});
