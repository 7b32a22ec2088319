/**
 * Every diagnostic as it is printed: `goldens/diagnostics/NAME.eql` in, `NAME.txt` out. Comments at the head of the query set it up:
 * `// profile: tocsin`, `// schema: strict` (`mapping.json`) or `open` (the same fields, but others may exist), `// look-back: 5m`,
 * `// max-depth: N`, `// max-length: N`, `// max-diagnostics: N`, `// event: {...}`, which the query is also run on, and `// condition: {...}`, a tree that no text says.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check, checkCondition } from "../check/check.ts";
import { CODES, isDiagnosticCode } from "./codes.ts";
import { compileFilter } from "../run/compile.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { parseDuration } from "../values/duration.ts";
import type { EventDocument } from "../values/fields.ts";
import { parse } from "../syntax/parse.ts";
import { schemaFromMapping, schemaFromTypes, type Schema } from "../check/schema.ts";
import { positionAt } from "../span.ts";
import type { Expr } from "../syntax/tree.ts";

const folder = new URL("./goldens/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".eql"))
  .map((name) => name.slice(0, -4))
  .sort();

const { schema: strict } = schemaFromMapping(JSON.parse(read("mapping.json")));
const open = schemaFromTypes([...strict.names()].map((name) => [name, strict.typeOf(name)!] as const));

function setting(text: string, name: string): string | undefined {
  return text
    .split("\n")
    .find((line) => line.startsWith(`// ${name}: `))
    ?.slice(name.length + 5);
}

function schemaNamed(name: string | undefined): { readonly schema?: Schema } {
  return name === undefined ? {} : { schema: name === "strict" ? strict : open };
}

/** Everything said about the text, by reading, checking and, where there is an event, running it. */
function diagnose(text: string): readonly Diagnostic[] {
  const depth = setting(text, "max-depth");
  const length = setting(text, "max-length");
  const most = setting(text, "max-diagnostics");
  const profile = setting(text, "profile") === "tocsin" ? "tocsin" : "elasticsearch";
  const condition = setting(text, "condition");
  if (condition !== undefined) return checkCondition(JSON.parse(condition) as Expr, { profile }).diagnostics;
  const parsed = parse(text, {
    ...(depth === undefined ? {} : { maxDepth: Number(depth) }),
    ...(length === undefined ? {} : { maxLength: Number(length) }),
    ...(most === undefined ? {} : { maxDiagnostics: Number(most) }),
  });
  if (parsed.query === null) return parsed.diagnostics;
  const window = setting(text, "look-back");
  const schema = schemaNamed(setting(text, "schema"));
  const checked = check(parsed.query, {
    text,
    profile,
    ...schema,
    ...(window === undefined ? {} : { lookBackMs: parseDuration(window)! }),
  });
  const found: Diagnostic[] = [...parsed.diagnostics, ...checked.diagnostics];
  const event = setting(text, "event");
  if (event === undefined || parsed.query.kind !== "event") return found;
  const run = compileFilter(parsed.query.filter, {
    ...schema,
    onDiagnostic: (diagnostic) => found.push(diagnostic),
    onFault: (code, span) =>
      found.push({ code, severity: "warning", summary: isDiagnosticCode(code) ? CODES[code].title : code, span, labels: [], help: null }),
  });
  run({ event: { category: "process" }, ...(JSON.parse(event) as EventDocument) });
  return found;
}

function print(text: string, diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "accepted\n";
  const lines: string[] = [];
  for (const { code, severity, summary, span, labels, help } of diagnostics) {
    const at = (offset: number): string => {
      const { line, column } = positionAt(text, offset);
      return `line ${line}:${column}`;
    };
    lines.push(
      `${severity}[${code}] ${at(span.from)}: ${summary}`,
      `  at: ${JSON.stringify(text.slice(span.from, Math.min(span.to, span.from + 80)))}`,
    );
    for (const label of labels) lines.push(`  ${at(label.span.from)}: ${label.text}`);
    if (help !== null) lines.push(`  help: ${help}`);
  }
  return `${lines.join("\n")}\n`;
}

describe("diagnostics", () => {
  const seen = new Set<string>();
  for (const name of names) {
    test(name, () => {
      const text = read(`${name}.eql`);
      const diagnostics = diagnose(text);
      for (const diagnostic of diagnostics) {
        expect(isDiagnosticCode(diagnostic.code), diagnostic.code).toBe(true);
        expect(diagnostic.span.from).toBeLessThanOrEqual(diagnostic.span.to);
        expect(diagnostic.span.to).toBeLessThanOrEqual(text.length);
        seen.add(diagnostic.code);
      }
      const printed = print(text, diagnostics);
      if (process.env["UPDATE"] === "1") writeFileSync(new URL(`${name}.txt`, folder), printed);
      expect(printed).toBe(read(`${name}.txt`));
    });
  }

  test("every code has one", () => {
    expect(Object.keys(CODES).filter((code) => !seen.has(code))).toEqual([]);
  });

  test("every code in the source is in the table", () => {
    const source = new URL("../", import.meta.url);
    const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
    );
    const used = files.flatMap((name) =>
      [...readFileSync(new URL(name.replaceAll("\\", "/"), source), "utf8").matchAll(/"(eql\/[a-z-]+)"/g)].map((match) => match[1]!),
    );
    expect(used.length).toBeGreaterThan(Object.keys(CODES).length);
    expect([...new Set(used)].filter((code) => !isDiagnosticCode(code))).toEqual([]);
  });
});
