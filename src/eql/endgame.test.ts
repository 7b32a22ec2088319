/**
 * The queries of Endgame's EQL, run where they lie beside the checkout: put into today's words (`inDialect`) and run in the `tocsin`
 * profile. Where the languages differ the case is listed with the reason, and must differ: a listed case that agrees fails.
 */
import { existsSync, readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { check } from "./check/check.ts";
import type { EventDocument } from "./values/fields.ts";
import { parse } from "./syntax/parse.ts";
import type { SearchHit } from "./run/run.ts";
import { search } from "./run/search.ts";

const suites = new URL("../../../shared/suites/eql/endgame/", import.meta.url);
const present = existsSync(suites);

interface Case {
  readonly query: string;
  readonly expected_event_ids: readonly number[];
  readonly case_insensitive?: boolean;
  readonly case_sensitive?: boolean;
}

const read = (name: string): string => readFileSync(new URL(name, suites), "utf8");
const cases: readonly Case[] = present ? (parseToml(read("test_queries.toml")) as unknown as { queries: Case[] }).queries : [];
const events: readonly SearchHit[] = present
  ? (JSON.parse(read("test_data.json")) as Record<string, unknown>[]).map((document) => ({
      _source: { ...document, "@timestamp": (document["timestamp"] as number) / 10_000 - 11_644_473_600_000 } as EventDocument,
    }))
  : [];

const STRINGS = /"(?:[^"\\]|\\.)*"|\?"[^"]*"|\?'[^']*'|'(?:[^'\\]|\\.)*'/;
const TOKENS = new RegExp(`${STRINGS.source}|[^"'?]+|[?]`, "g");
const OPERAND = String.raw`(?:[\w.]+|"(?:[^"\\]|\\.)*")`;

/**
 * Today's words for it: `==` for `=`, double quotes, commas between the fields of a pipe, `:` for what compares without case or with
 * wildcards, `~` behind functions and `in`. Cases marked as minding case keep their operators.
 */
function inDialect({ query, case_sensitive }: Case): string {
  const modern = (query.match(TOKENS) ?? [])
    .map((piece) => {
      if (piece.startsWith("?'") || piece.startsWith('?"')) return `"""${piece.slice(2, -1)}"""`;
      if (piece.startsWith("'")) return `"${piece.slice(1, -1).replaceAll('"', '\\"')}"`;
      return piece.startsWith('"') ? piece : piece.replace(/(?<![=<>!]|maxspan|fork)=(?!=)/g, "==");
    })
    .join("")
    .replace(/(\|\s*(?:unique|unique_count|sort|count)\s+)([\w.]+(?:\s+[\w.]+)+)(?=\s*(?:\||$))/g, (_, head: string, fields: string) =>
      head.concat(fields.trim().split(/\s+/).join(", ")),
    );
  if (case_sensitive === true) return modern;
  return modern
    .replace(/\b(startsWith|endsWith|stringContains|indexOf|between|cidrMatch)\(/g, (found, name: string) =>
      name === "cidrMatch" ? found : `${name}~(`,
    )
    .replace(/\bnot in\s*\(/g, "not in~ (")
    .replace(/\bin\s*\((?!~)/g, "in~ (")
    .replace(new RegExp(String.raw`([\w.]+(?:\([^()]*\))?)\s*==\s*("(?:[^"\\]|\\.)*")`, "g"), "$1 : $2")
    .replace(new RegExp(String.raw`(${OPERAND})\s*!=\s*("(?:[^"\\]|\\.)*")`, "g"), "not $1 : $2");
}

/** Why a query is refused, by the first code. */
const REFUSED: Readonly<Record<string, string>> = {
  "eql/join": "Elasticsearch has no `join`",
  "eql/lineage": "Elasticsearch has no `child of`, `descendant of`, `event of`",
  "eql/array-index": "no element of an array is taken by its index",
  "eql/unknown-function": "functions of Endgame alone (arrays, match, safe)",
  "eql/bad-key": "a join key is a field, nothing computed",
  "eql/pipe-arguments": "a pipe takes fields, nothing computed",
};

function outcome(text: string): { readonly ids: readonly unknown[] } | { readonly refused: string } {
  const { query, diagnostics } = parse(text);
  const unread = diagnostics.find((d) => d.severity === "error");
  if (query === null || unread !== undefined) return { refused: unread!.code };
  const found = check(query, { text, profile: "tocsin" }).diagnostics.find((d) => d.severity === "error");
  if (found !== undefined) return { refused: found.code };
  const result = search(query, events, { eventCategoryField: "event_type", tiebreakerField: "serial_event_id", size: Infinity });
  const slots = result.events ?? result.sequences?.flatMap((sequence) => sequence.events) ?? [];
  return { ids: slots.map((hit) => hit._source["serial_event_id"]) };
}

/** What the query, and `without case` where the case is marked so, must look like. */
const DIFFERS: readonly (readonly [why: string, query: RegExp])[] = [
  ["order minds case, and so does `sort`", /(?:<= parent_process_name|process_name >= ")[^]*without case$|sort file_path/],
  ["`not` of a missing field is true: missing makes a comparison false, not null", /not \(?fake_field : /],
  ["one event starts one sequence: there is no `fork`", /fork=true/],
  ["`filter` reads the event, not the counts of `unique_count`", /\| filter (?:count|percent) /],
  [
    "`==` and `!=` between two fields, or a text and a field, mind case",
    /"net\.EXE" ==|process_name [!=]= original_file_name|original_file_name == process_name/,
  ],
];

describe.skipIf(!present)("Endgame's queries (skipped: no ../shared/suites/eql beside the checkout)", () => {
  test("there are 241", () => {
    expect(cases.length).toBe(241);
  });
  for (const [n, one] of cases.entries()) {
    const text = inDialect(one);
    test(`${n}: ${text.replaceAll(/\s+/g, " ").trim()}`, ({ task }) => {
      const ours = outcome(text);
      const marked = one.case_insensitive === true ? `${text.trim()} without case` : text.trim();
      const why = DIFFERS.find(([, query]) => query.test(marked))?.[0] ?? ("refused" in ours ? REFUSED[ours.refused] : undefined);
      const counted = { table: "Endgame EQL queries", row: "test_queries.toml", of: 1 };
      task.meta.counted = why === undefined ? counted : { ...counted, differs: why };
      if (why === undefined) expect(ours).toEqual({ ids: one.expected_event_ids });
      else expect(ours, why).not.toEqual({ ids: one.expected_event_ids });
    });
  }
});
