/**
 * The folding suites of the Python engine, run where they lie beside the checkout, against Elasticsearch's semantics. Where the two
 * languages differ the case is listed with the reason, and must differ: a listed case that agrees fails.
 */
import { existsSync, readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { checkCondition } from "../check/check.ts";
import { compileExpr } from "../run/compile.ts";
import { parseExpression } from "../syntax/parse.ts";
import { Double } from "../values/values.ts";

const suites = new URL("../../../../shared/suites/eql/endgame/", import.meta.url);
const present = existsSync(suites);

interface Fold {
  readonly expression: string;
  /** Absent is null. */
  readonly expected?: string | number | boolean | bigint;
}

interface Group {
  readonly case_insensitive?: boolean;
  readonly case_sensitive?: boolean;
  readonly fold?: { readonly tests?: readonly Fold[] };
  /** One group forgets the `fold`. */
  readonly tests?: readonly Fold[];
  readonly verifier?: { readonly failures?: readonly { readonly expression?: string }[] };
  readonly loop?: readonly {
    readonly param: { readonly name: string; readonly type: readonly string[] };
    readonly fold: { readonly tests: readonly Fold[] };
  }[];
}

/** A value of each type that the loops run over. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  null: ["null"],
  bool: ["true", "false"],
  int: ["-1", "0", "1"],
  float: ["-1.5", "0.0", "2.5"],
  string: ['""', '"text"'],
};

interface Case {
  readonly name: string;
  readonly expression: string;
  /** A number beyond 2^53 - 1 does not occur. */
  readonly expected: string | number | boolean | undefined;
}

interface Suite {
  readonly folds: readonly Case[];
  readonly failures: readonly Case[];
}

/**
 * The same in Elasticsearch's words. Its texts stand in double quotes (none of these holds a quote or a backslash); what ignores case by
 * a setting there ignores it by its operator here.
 */
function inDialect(written: string, group: Group): string {
  const expression = written.replace(/'([^'"\\]*)'/g, '"$1"');
  if (group.case_insensitive !== true) return expression;
  return expression
    .replace(/\b(startsWith|endsWith)\(/g, "$1~(")
    .replace(/ in \(/g, " in~ (")
    .replace(/^(\S+) == (\S+)$/, "$1 : $2")
    .replace(/^(\S+) != (\S+)$/, "not $1 : $2");
}

/** The operators that took over from two functions. */
function asOperator(expression: string, group: string): string {
  const insensitive = group.endsWith("_insensitive") ? "~" : "";
  return expression
    .replace(/^match\((\S+), (.*)\)$/, `$1 regex${insensitive} ($2)`)
    .replace(/^wildcard\((\S+), (.*)\)$/, `$1 like${insensitive} ($2)`);
}

function read(file: string): Suite {
  const folds: Case[] = [];
  const failures: Case[] = [];
  if (!present) return { folds, failures };
  const groups = parseToml(readFileSync(new URL(file, suites), "utf8")) as unknown as Record<string, Group>;
  for (const [name, group] of Object.entries(groups)) {
    const add = (fold: Fold, expression: string): void => {
      const expected = typeof fold.expected === "bigint" ? Number(fold.expected) : fold.expected;
      folds.push({ name, expression: inDialect(expression, group), expected });
    };
    for (const fold of [...(group.fold?.tests ?? []), ...(group.tests ?? [])]) add(fold, fold.expression);
    for (const { param, fold } of group.loop ?? []) {
      for (const type of param.type) {
        for (const value of VALUES[type]!) for (const one of fold.tests) add(one, one.expression.replaceAll(`$${param.name}`, value));
      }
    }
    for (const { expression } of group.verifier?.failures ?? [])
      if (expression !== undefined) failures.push({ name, expression, expected: undefined });
  }
  return { folds, failures };
}

/** Folds of each file once its loops are run over all their values. */
const FOLDING = 218;
const STRINGS = 104;

type Answer = { readonly value: unknown } | { readonly refused: string };

function answer(expression: string): Answer {
  const { expr, diagnostics } = parseExpression(expression);
  const wrong = diagnostics.find((d) => d.severity === "error");
  if (expr === null || wrong !== undefined) return { refused: wrong?.code ?? "no tree" };
  const found = checkCondition(expr, { text: expression }).diagnostics.find((d) => d.severity === "error" && !ABOUT_CONDITIONS.has(d.code));
  if (found !== undefined) return { refused: found.code };
  const problems: string[] = [];
  const value = compileExpr(expr, { onDiagnostic: (d) => problems.push(d.code), onFault: (code) => problems.push(code) })({});
  if (problems.length > 0) return { refused: problems.join(", ") };
  return { value: value instanceof Double ? value.value : value };
}

/** Wrong only because a whole condition is asked for: a fold may be a number or a text. */
const ABOUT_CONDITIONS = new Set(["eql/not-boolean"]);

interface Difference {
  readonly why: string;
  readonly group: RegExp;
  readonly expression: RegExp;
  /** What comes out instead. */
  readonly ours: Answer;
}

const GONE = "there is no such function since 7.12; an operator took its place";

const DIFFERS: readonly Difference[] = [
  {
    why: "between is empty where a mark is not found, not null",
    group: /^between$/,
    expression: /"(?:village|goodbye)"|"welcome", "x"/,
    ours: { value: "" },
  },
  {
    why: "between gives the whole source where a mark is empty",
    group: /^between$/,
    expression: /"", "x"|"", "", false|"", "planet"/,
    ours: { value: "welcome to the planet" },
  },
  {
    why: "order always minds case; upper case comes first",
    group: /^string_case_insensitive_match_comparison$/,
    expression: /^"Foo" < |^"foo" > /,
    ours: { value: true },
  },
  {
    why: "order always minds case; upper case comes first",
    group: /^string_case_insensitive_match_comparison$/,
    expression: /^"Foo" >=|^"foo" <=/,
    ours: { value: false },
  },
  { why: GONE, group: /^(?:match|wildcard)/, expression: /^(?:match|wildcard)\(/, ours: { refused: "eql/unknown-function" } },
  {
    why: "a function is not called as a method; a colon is an operator",
    group: /^complex$/,
    expression: /:length\(\)/,
    ours: { refused: "eql/not-constant" },
  },
];

function differenceOf(one: Case): Difference | undefined {
  return DIFFERS.find(({ group, expression }) => group.test(one.name) && expression.test(one.expression));
}

describe.skipIf(!present)("the Python engine's folds (skipped: no ../shared/suites/eql beside the checkout)", () => {
  for (const [file, count] of [
    ["test_folding.toml", FOLDING],
    ["test_string_functions.toml", STRINGS],
  ] as const) {
    const { folds, failures } = read(file);
    test(`${file} has ${count} folds, the loops run out`, () => {
      expect(folds.length).toBe(count);
    });
    for (const [n, one] of folds.entries()) {
      const theirs = { value: typeof one.expected === "number" ? (expect.closeTo(one.expected, 12) as unknown) : one.expected };
      const difference = differenceOf(one);
      test(`${file} ${one.name} ${n}: ${one.expression}`, ({ task }) => {
        const counted = { table: "Endgame EQL folds", row: file, of: 1 };
        task.meta.counted = difference === undefined ? counted : { ...counted, differs: difference.why };
        const ours = answer(one.expression);
        if (difference === undefined) {
          expect(ours).toEqual(theirs);
        } else {
          expect(ours, difference.why).toEqual(difference.ours);
          expect(ours, difference.why).not.toEqual(theirs);
        }
      });
      if (difference?.why !== GONE) continue;
      const operator = asOperator(one.expression, one.name);
      test(`${file} ${one.name} ${n}: ${operator}`, () => {
        expect(operator).not.toBe(one.expression);
        expect(answer(operator)).toEqual(theirs);
      });
    }
    for (const one of failures) {
      test(`${file} ${one.name} refuses ${one.expression}`, ({ task }) => {
        task.meta.counted = { table: "Endgame EQL folds", row: `${file}, refusals`, of: 1 };
        expect(answer(one.expression)).toHaveProperty("refused");
      });
    }
  }
});
