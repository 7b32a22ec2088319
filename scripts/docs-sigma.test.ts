import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CATEGORIES, SERVICES } from "../src/sigma/taxonomy/taxonomy.ts";
import { sigmaReference } from "./docs-sigma.ts";

test("docs/sigma.md is current (npm run docs writes it)", () => {
  const committed = readFileSync(new URL("../docs/sigma.md", import.meta.url), "utf8");
  expect(committed).toBe(sigmaReference());
  for (const name of [...Object.keys(CATEGORIES), ...Object.keys(SERVICES)]) expect(committed).toContain(`| \`${name}\` |`);
});
