/**
 * Every finding as it is printed: `goldens/NAME.eql` in, `NAME.txt` out. Comments at the head set it up: `// sources:` ids of declared
 * sources, `// codes:` only these events of them, `// index:` what the rules search, `// look-back: 9m`, `// interval: 5m`, `// suppress: CODE REASON`.
 * `// text: WHERE TEXT`, `// case: negative NAME EVENT` (or positive). `---` parts the rules R1, R2, ... of one package.
 */
import fc from "fast-check";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ecsField, sourceById } from "../../ecs/index.ts";
import { parse, positionAt, type EventDocument, type Expr } from "../../eql/index.ts";
import { durationMs } from "../package/schema.ts";
import { LINT_CODES, LINT_CODE_NAMES } from "./codes.ts";
import { implies, lint, lintExplanation, lintIndex, lintPage, possible, type LintRule, type LintSource } from "./index.ts";

const folder = new URL("./goldens/", import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".eql"))
  .map((name) => name.slice(0, -4))
  .sort();

function settings(text: string, name: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`// ${name}: `))
    .map((line) => line.slice(name.length + 5));
}

function sourceNamed(id: string, codes: readonly string[]): LintSource {
  const source = sourceById(id);
  if (source === undefined) throw new Error(`no source ${id}`);
  const telemetry = /sysmon|security|system|powershell/.exec(id.replace("endpoint.security", ""))?.[0] ?? "defend";
  const shapes = source.produces
    .filter((shape) => codes.length === 0 || shape.codes.some((code) => codes.includes(code)))
    .map((shape) => ({ ...shape, telemetry }));
  return { id, title: source.title, shapes, indexPatterns: source.indexPatterns };
}

function said(text: string): string {
  const words = (name: string): string[] => settings(text, name).flatMap((line) => line.split(" "));
  const lookBack = settings(text, "look-back")[0];
  const interval = settings(text, "interval")[0];
  const rules = text.split("\n---\n").map((part, i): LintRule => {
    const { query, diagnostics } = parse(part);
    if (query === null) throw new Error(diagnostics.map((d) => d.code).join());
    return {
      id: `R${i + 1}`,
      query,
      sources: words("sources").map((id) => sourceNamed(id, words("codes"))),
      indexPatterns: words("index"),
      lookBackMs: lookBack === undefined ? null : durationMs(lookBack),
      intervalMs: interval === undefined ? null : durationMs(interval),
      suppressions: settings(part, "suppress").map((line) => ({
        code: line.split(" ")[0]!,
        reason: line.slice(line.indexOf(" ") + 1),
      })),
      texts: settings(part, "text").map((line) => ({ where: line.split(" ")[0]!, text: line.slice(line.indexOf(" ") + 1) })),
      cases: settings(part, "case").map((line) => {
        const [kind, name, ...event] = line.split(" ");
        return { name: name!, isNegative: kind === "negative", events: [JSON.parse(event.join(" ")) as EventDocument] };
      }),
    };
  });
  const texts = text.split("\n---\n");
  return lint(rules, { isKnownField: (field) => ecsField(field) !== undefined })
    .map((f) => {
      const at = positionAt(texts[Number(f.rule.slice(1)) - 1]!, f.span.from);
      const why = f.suppressed === null ? "" : `\n    suppressed: ${f.suppressed}`;
      const sources = f.sources.length === 0 ? "" : `\n    sources: ${f.sources.join(" ")}`;
      return `${f.rule} ${at.line}:${at.column} ${f.severity} [${f.code}]\n    ${f.message}${sources}${why}\n`;
    })
    .join("");
}

describe("goldens", () => {
  test.each(names)("%s", (name) => {
    const got = said(readFileSync(new URL(`${name}.eql`, folder), "utf8"));
    const golden = new URL(`${name}.txt`, folder);
    if (process.env["UPDATE"] === "1") writeFileSync(golden, got);
    expect(got).toBe(readFileSync(golden, "utf8"));
  });

  test("every code has one that finds it, under its own name", () => {
    for (const code of Object.keys(LINT_CODES)) expect(readFileSync(new URL(`${code}.txt`, folder), "utf8")).toContain(`[${code}]`);
  });
});

describe("pages", () => {
  const docs = new URL("../../../docs/lint/", import.meta.url);
  const golden = (name: string): string => readFileSync(new URL(name, folder), "utf8");
  const current = (name: string, text: string): void => {
    const page = new URL(name, docs);
    if (process.env["UPDATE"] === "1") {
      mkdirSync(docs, { recursive: true });
      writeFileSync(page, text);
    }
    expect(readFileSync(page, "utf8"), `docs/lint/${name} is out of date: UPDATE=1 rewrites it`).toBe(text);
  };

  test.each(LINT_CODE_NAMES)("%s", (code) => {
    current(`${code}.md`, lintPage(code, { query: golden(`${code}.eql`), output: golden(`${code}.txt`) }));
    expect(lintExplanation(code)).toContain(LINT_CODES[code].fix);
  });

  test("the table of them, and no page of a code that is gone", () => {
    current("README.md", lintIndex());
    expect(readdirSync(docs).sort()).toEqual([...LINT_CODE_NAMES.map((code) => `${code}.md`), "README.md"].sort());
  });

  /** The corrected example, under the settings of the golden. */
  test.each(LINT_CODE_NAMES.filter((code) => LINT_CODES[code].better !== null))("%s: what it advises does not have it", (code) => {
    const head = golden(`${code}.eql`)
      .split("\n")
      .filter((line) => /^\/\/ (?!text|case)/.test(line))
      .join("\n");
    expect(said(`${head}\n${LINT_CODES[code].better}`)).not.toMatch(new RegExp(`\\[${code}\\]`));
  });
});

const condition = (text: string): Expr => {
  const { query } = parse(`any where ${text}`);
  if (query?.kind !== "event") throw new Error(text);
  return query.filter.condition;
};

describe("implies", () => {
  test.each([
    ['a : "net.exe"', 'a : "net*"', true],
    ['a : "net*"', 'a : "net.exe"', false],
    ['a == "x" and b == "y"', 'b == "y"', true],
    ['a == "x"', 'a == "x" or b == "y"', true],
    ['a == "x" or b == "y"', 'a == "x"', false],
    ['a : "X"', 'a like "X"', false],
    ['a like "X"', 'a : "x"', true],
    ['not a : "n*"', 'not a : "net"', true],
    ['not a : "net"', 'not a : "n*"', false],
    ["a in (1, 2)", "a in (2, 1, 3)", true],
    ['a : "x?z"', 'a : "x*"', true],
    ['a : "x*z"', 'a : "x?z"', false],
    ['a : "*"', 'a : "?*"', false],
    ["a != null", "a != null", true],
  ])("%s => %s is %s", (a, b, expected) => {
    expect(implies(condition(a), condition(b))).toBe(expected);
  });

  test("a condition implies itself, and nesting costs its product", () => {
    const deep = (n: number): string => (n === 0 ? 'a == "1"' : `(b == "${n}" or (c == "${n}" and ${deep(n - 1)}))`);
    const begun = performance.now();
    expect(implies(condition(deep(12)), condition(deep(12)))).toBe(true);
    expect(implies(condition(deep(12)), condition(deep(11)))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

/** Whatever is reported as impossible must not come true on any event of the shape. */
test("possible never calls impossible what an event of the shape satisfies", async () => {
  const { compileCondition } = await import("../../eql/index.ts");
  const fields = ["process.name", "process.command_line", "user.name", "event.type", "event.category"] as const;
  const atom = fc.record({
    field: fc.constantFrom(...fields),
    op: fc.constantFrom(":", "==", "!="),
    value: fc.constantFrom("start", "end", "a", "process", "*"),
  });
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small" },
      atom.map(({ field, op, value }) => `${field} ${op} "${value}"`),
      fc.constantFrom(...fields).map((field) => `${field} != null`),
      fc.constantFrom(...fields).map((field) => `${field} == null`),
      fc.constantFrom(...fields).map((field) => `${field} not in ("a", "start")`),
      tie("expression").map((e) => `not (${e})`),
      fc.tuple(tie("expression"), fc.constantFrom("and", "or"), tie("expression")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    ),
  }));
  const shape = {
    codes: [],
    title: "",
    name: "",
    audit: "",
    category: ["process"],
    type: ["start", "info"],
    action: [],
    fields: ["process.name", "user.name"],
  };
  const event = fc.record(
    {
      process: fc.record({ name: fc.constantFrom("a", "b", "start") }, { requiredKeys: [] }),
      user: fc.record({ name: fc.constantFrom("a", "end") }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  const typed = fc.constantFrom(["start"], ["info"], ["start", "info"]);
  fc.assert(
    fc.property(expression, event, typed, (text, rest, type) => {
      const expr = condition(text);
      const outcome = possible(expr, shape);
      const truth = compileCondition(expr)({ ...rest, event: { category: ["process"], type } });
      expect(truth ? outcome.canBeTrue : outcome.canBeFalse).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
