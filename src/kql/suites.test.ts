// Elastic's KQL rules, and the verdicts of a real engine on made events. The data stays outside the repository.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileFilter, schemaFromTypes, type EventDocument } from "../eql/index.ts";
import { kqlFilter, parseKql, printKql } from "./index.ts";

const suites = new URL("../../../shared/suites/elastic-rules/", import.meta.url);
const present = existsSync(new URL("rules.ndjson", suites));

function lines<T>(name: string): T[] {
  return readFileSync(new URL(name, suites), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

interface Verdict {
  readonly rule_id: string;
  readonly query: string;
  readonly types: Readonly<Record<string, string>>;
  readonly events: readonly EventDocument[];
  readonly matches: readonly number[];
}

describe.skipIf(!present)("Elastic's KQL rules (skipped where ../shared is absent)", () => {
  test("every query is read, printed, and read again as the same", () => {
    const queries = lines<{ name: string; language?: string; query?: string }>("rules.ndjson").filter((rule) => rule.language === "kuery");
    expect(queries.length).toBeGreaterThan(400);
    for (const { name, query } of queries) {
      const parsed = parseKql(query!);
      expect(
        parsed.diagnostics.filter((d) => d.severity === "error"),
        name,
      ).toEqual([]);
      const printed = printKql(parsed.query!);
      expect(printKql(parseKql(printed).query!), name).toBe(printed);
    }
  });

  test("every verdict is that of the real engine", ({ task }) => {
    const wrong: string[] = [];
    const verdicts = lines<Verdict>("kql-verdicts.ndjson");
    for (const { rule_id, query, types, events, matches } of verdicts) {
      const named = [...query.matchAll(/([\w.@]+)\s*[:<>]/g)].map((match) => [match[1]!, "keyword"] as const);
      const schema = schemaFromTypes([...named, ...Object.entries(types)], true);
      const { filter, diagnostics } = kqlFilter(parseKql(query).query!, schema);
      if (filter === null) {
        wrong.push(`${rule_id}: ${diagnostics.map((d) => d.summary).join("; ")}`);
        continue;
      }
      const run = compileFilter(filter, { schema, now: Date.parse("2026-01-01T00:00:00Z") });
      const found = events.flatMap((event, at) => (run(event) ? [at] : []));
      if (JSON.stringify(found) !== JSON.stringify(matches))
        wrong.push(`${rule_id}: found ${found.join()} instead of ${matches.join()}\n${query}`);
    }
    task.meta.counted = {
      table: "KQL verdicts of a real engine",
      row: "kql-verdicts.ndjson",
      of: verdicts.length,
      same: verdicts.length - wrong.length,
    };
    expect(wrong).toEqual([]);
    expect(verdicts.length).toBe(412);
  });
});
