import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { esqlReference } from "./docs-esql.ts";

test("docs/esql.md is current (npm run docs writes it)", () => {
  const committed = readFileSync(new URL("../docs/esql.md", import.meta.url), "utf8");
  expect(committed).toBe(esqlReference(readFileSync(new URL("./esql/esql.md", import.meta.url), "utf8")));
});
