import { expect, test } from "vitest";
import { countsTable, TABLES, type Counted } from "./test-counts.mjs";

const one = (status: string, counted?: Counted) => ({ status, meta: counted === undefined ? {} : { counted } });

test("sums what the tests report, row by row", () => {
  const table = TABLES[0]!;
  const row = "cases";
  const lines = countsTable({
    testResults: [
      {
        assertionResults: [
          one("passed", { table, row, of: 1 }),
          one("passed", { table, row, of: 1 }),
          one("failed", { table, row, of: 1 }),
          one("passed", { table, row, of: 1, differs: "for a reason" }),
          // Skipped: it has looked at nothing.
          one("skipped", { table, row, of: 1 }),
          one("passed"),
        ],
      },
      { assertionResults: [one("failed", { table: "of another kind", row: "records", of: 10, same: 7 })] },
    ],
  });
  expect(lines.filter((line) => line.startsWith("    "))).toEqual([
    "    cases        2 / 4   1 differ as listed, 1 FAIL",
    "         1 differ: for a reason",
    "    records      7 / 10   3 FAIL",
  ]);
  expect(lines.filter((line) => line.includes("skipped"))).toHaveLength(TABLES.length - 1);
});
