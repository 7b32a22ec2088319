// A query in, the printed diagnostics out. Fields are those of a strict mapping.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderDiagnostics, schemaFromTypes } from "../eql/index.ts";
import { LUCENE_CODES, readLucene } from "./index.ts";

const folder = new URL("./goldens/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const schema = schemaFromTypes(
  [
    ["@timestamp", "date"],
    ["destination.port", "long"],
    ["dns.answers.data", "keyword"],
    ["dns.answers.type", "keyword"],
    ["message", "match_only_text"],
    ["process.command_line", "wildcard"],
    ["process.executable", "keyword"],
    ["process.name", "keyword"],
    ["source.ip", "ip"],
    ["user.id", "keyword"],
    ["user.name", "keyword"],
  ],
  true,
);

describe("diagnostics", () => {
  const seen = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".lucene"))) {
    test(name, () => {
      const text = read(name);
      const { diagnostics } = readLucene(text, schema);
      for (const { code } of diagnostics) {
        expect(Object.keys(LUCENE_CODES)).toContain(code);
        seen.add(code);
      }
      const printed = diagnostics.length === 0 ? "accepted\n" : `${renderDiagnostics(text, diagnostics)}\n`;
      const golden = new URL(name.replace(/\.lucene$/, ".txt"), folder);
      if (process.env["UPDATE"] === "1") writeFileSync(golden, printed);
      expect(printed).toBe(readFileSync(golden, "utf8"));
    });
  }

  test("every code has one", () => {
    expect(Object.keys(LUCENE_CODES).filter((code) => !seen.has(code))).toEqual([]);
  });
});

test("docs/lucene.md names every code with its meaning", () => {
  const text = readFileSync(new URL("../../docs/lucene.md", import.meta.url), "utf8");
  for (const [code, meaning] of Object.entries(LUCENE_CODES)) expect(text).toContain(`| \`${code}\` | ${meaning} |`);
});
