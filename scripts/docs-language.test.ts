import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODES, FUNCTIONS, parse } from "../src/eql/index.ts";
import { languageReference } from "./docs-language.ts";

const committed = readFileSync(new URL("../docs/language.md", import.meta.url), "utf8");

test("docs/language.md is current (npm run docs writes it)", () => {
  expect(committed).toBe(languageReference());
});

test("it has every function and every code, and the queries of its prose parse", () => {
  for (const found of FUNCTIONS) expect(committed).toContain(`### ${found.name}\n`);
  for (const code of Object.keys(CODES)) expect(committed).toContain(`#### \`${code}\`\n`);
  const prose = readFileSync(new URL("./language/language.md", import.meta.url), "utf8");
  const queries = [...prose.matchAll(/```eql\n([\s\S]*?)```/g)].map((match) => match[1]!);
  expect(queries).toHaveLength(3);
  for (const query of queries) expect([query, parse(query).diagnostics]).toEqual([query, []]);
});
