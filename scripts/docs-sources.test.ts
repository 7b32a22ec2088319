import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sources } from "../src/ecs/index.ts";
import { sourcePages } from "./docs-sources.ts";

test("docs/sources/ is current (npm run docs writes it)", () => {
  const folder = new URL("../docs/sources/", import.meta.url);
  const pages = sourcePages();
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(new URL(name, folder), "utf8"), name).toBe(text);
  expect(pages.size).toBe(sources().length + 2);
});
