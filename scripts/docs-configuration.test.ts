import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withSettings } from "./docs-configuration.ts";

test("docs/configuration.md is current (npm run docs writes it)", () => {
  const committed = readFileSync(new URL("../docs/configuration.md", import.meta.url), "utf8");
  expect(committed).toContain("| `rules` |");
  expect(withSettings(committed)).toBe(committed);
});
