// Elastic's own rules. The data stays outside the repository.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ecsSchema } from "../catalog/index.ts";
import { parse, print } from "../eql/index.ts";
import { parseKql, printKql } from "../kql/index.ts";
import { loadElastic } from "./index.ts";

const file = new URL("../../../shared/suites/elastic-rules/rules.ndjson", import.meta.url);

interface Rule {
  readonly rule_id: string;
  readonly type: string;
  readonly language?: string;
  readonly query: string;
}

const all = existsSync(file)
  ? readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Rule)
  : [];

/** A query's tree without its places, and that of its printed form. */
function treeAndPrinted({ language, query }: Rule): readonly [string, string] {
  if (language === "kuery") {
    const tree = parseKql(query).query!;
    return [bare(tree), bare(parseKql(printKql(tree)).query)];
  }
  const tree = parse(query).query!;
  return [bare(tree), bare(parse(print(tree)).query)];
}

function bare(tree: unknown): string {
  const places = new Set(["span", "nameSpan", "runsSpan", "comments"]);
  return JSON.stringify(tree, (key, value: unknown) => (places.has(key) ? undefined : typeof value === "bigint" ? `${value}n` : value));
}

/** Why a rule is known not to run here; null where it has to. */
function knownReason({ type, query }: Rule): string | null {
  if (type === "machine_learning") return "elastic/machine-learning";
  return type === "esql" && /\|\s*completion\b/i.test(query) ? "esql/not-supported" : null;
}

describe.skipIf(all.length === 0)("Elastic's rules (skipped where ../shared is absent)", () => {
  test("there are as many as the suite says", () => {
    expect(all.length).toBe(811);
  });

  test.for([...new Set(all.map(({ type }) => type))].sort())("%s", (type, { task }) => {
    const rules = all.filter((rule) => rule.type === type);
    const wrong: string[] = [];
    let named = 0;
    for (const rule of rules) {
      const text = JSON.stringify(rule);
      const { rules: loaded, problems } = loadElastic([{ path: "rules.ndjson", text }], {
        schema: ecsSchema(),
        today: "2026-01-31",
        indicators: [],
      });
      const reason = knownReason(rule);
      if (reason !== null) {
        named++;
        if (loaded.length > 0 || problems[0]?.code !== reason) wrong.push(`${rule.rule_id}: is not named as ${reason}`);
      } else if (loaded.length !== 1) wrong.push(`${rule.rule_id}: ${problems.map(({ message }) => message).join("; ")}`);
      else if (type !== "esql") {
        const [tree, printed] = treeAndPrinted(rule);
        if (tree !== printed) wrong.push(`${rule.rule_id}: what is printed is another query`);
      }
    }
    const what = type === "esql" ? "parse, check" : "parse, check, print back";
    task.meta.counted =
      named === rules.length
        ? { table: "Elastic rules", row: type, of: named, differs: "need Elastic's models, and are named" }
        : {
            table: "Elastic rules",
            row: `${type}: ${what}${named > 0 ? ` (but ${named} that ask a language model, named)` : ""}`,
            of: rules.length - named,
            same: rules.length - named - wrong.length,
          };
    expect(wrong).toEqual([]);
  });
});
