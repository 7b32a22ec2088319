/** SQL run in DuckDB on the package's cases, beside the engine. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shippedPackage, TODAY } from "../../../scripts/shipped.ts";
import { columnsOf, EventTable } from "../../../scripts/duckdb-table.ts";
import { compileFilter, fieldsOf, search } from "../../eql/index.ts";
import { clickhouseName } from "../../translate/targets/sql/clickhouse.ts";
import { fieldType, type ValueKind } from "../../translate/field-type.ts";
import { prove } from "../prove/prove.ts";
import { translateRule } from "./translate.ts";

const detection = shippedPackage();
const cases = prove(detection, { today: TODAY }).cases.map(({ case: { name }, events }) => ({ name, events }));

type Json = { readonly [key: string]: unknown };

test("every event rule finds the same events in DuckDB as in the engine, on every case", async () => {
  const events = cases.flatMap((one) => one.events);
  const rules = detection.rules.filter((rule) => rule.tree.kind === "event");
  const table = await EventTable.of(events, ["event.category", ...rules.flatMap((rule) => fieldsOf(rule.tree))]);
  let found = 0;
  for (const rule of rules) {
    if (rule.tree.kind !== "event") continue;
    const { text, effect } = translateRule(detection, rule, "duckdb");
    expect(effect, rule.id).toBe("exact");
    const engine = compileFilter(rule.tree.filter);
    const wanted = events.flatMap((event, at) => (engine(event) ? [at] : []));
    expect(await table.find(text), rule.id).toEqual(wanted);
    found += wanted.length;
  }
  expect(events.length).toBeGreaterThan(100);
  expect(found).toBeGreaterThan(50);
});

test("every sequence ends at the same events, case by case", async () => {
  const rules = detection.rules.filter((rule) => rule.tree.kind === "sequence");
  let found = 0;
  for (const rule of rules) {
    const { text, effect } = translateRule(detection, rule, "duckdb");
    expect(effect, rule.id).toBe("wider");
    const filters = rule.tree.kind === "sequence" ? rule.tree.items.map((item) => compileFilter(item.filter)) : [];
    for (const { name, events } of cases) {
      // Where no event is of the sequence there is nothing to compare.
      if (!events.some((event) => filters.some((passes) => passes(event)))) continue;
      const table = await EventTable.of(events, ["event.category", ...fieldsOf(rule.tree)]);
      const ends = new Set(await table.find(text));
      const hits = events.map((event) => ({ _source: event }));
      const wanted = (search(rule.tree, hits, {}).sequences ?? []).map(({ events: of }) => {
        const last = of.findLast((hit) => "_source" in hit)!;
        return hits.findIndex((hit) => hit._source === ("_source" in last ? last._source : null));
      });
      found += wanted.length;
      // Wider in one thing only: what was matched is not used up. So nothing is missed, and nothing found where the engine finds nothing.
      expect(
        [...wanted].filter((at) => !ends.has(at)),
        `${rule.id} on ${name}`,
      ).toEqual([]);
      expect(ends.size > 0, `${rule.id} on ${name}`).toBe(wanted.length > 0);
    }
  }
  expect(found).toBeGreaterThan(10);
});

/** A Python with the package `chdb`, an embedded ClickHouse: a gigabyte, so it is not asked of everybody. */
const python = process.env["TOCSIN_CHDB_PYTHON"];

test.skipIf(python === undefined)(
  "every event rule finds the same events in ClickHouse (TOCSIN_CHDB_PYTHON names a Python with chdb)",
  () => {
    const events = cases.flatMap((one) => one.events) as unknown as Json[];
    const rules = detection.rules.flatMap((rule) => (rule.tree.kind === "event" ? [{ id: rule.id, tree: rule.tree, rule }] : []));
    const fields = [...new Set(["@timestamp", "event.category", ...rules.flatMap(({ tree }) => fieldsOf(tree))])];
    const types = fields.map((field) => columnType(field));
    const rows = events.map((event, at) => {
      const columns = columnsOf(event);
      const row: { [name: string]: unknown } = { _row: at };
      for (const field of fields) {
        const value = columns.get(field);
        row[field.replaceAll(".", "_")] = fieldType(field).several
          ? value === undefined
            ? []
            : Array.isArray(value)
              ? value.map((item) => (typeof item === "string" ? item : JSON.stringify(item)))
              : [typeof value === "string" ? value : JSON.stringify(value)]
          : (value ?? null);
      }
      return JSON.stringify(row);
    });
    const queries = rules.map(({ rule }) => {
      const { text, effect } = translateRule(detection, rule, "clickhouse");
      expect(effect, rule.id).toBe("exact");
      return text;
    });
    const create = `CREATE TABLE events (_row Int64, ${fields.map((field, at) => `${clickhouseName(field)} ${types[at]!}`).join(", ")}) ENGINE = Memory`;
    const answer = spawnSync(python!, [join(import.meta.dirname, "../../../scripts/clickhouse.py")], {
      input: JSON.stringify({ create, rows: rows.join("\n"), queries }),
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    expect(answer.stderr).toBe("");
    const found = JSON.parse(answer.stdout) as number[][];
    for (const [number, { id, tree }] of rules.entries()) {
      const engine = compileFilter(tree.filter);
      expect(found[number], id).toEqual(events.flatMap((event, at) => (engine(event) ? [at] : [])));
    }
  },
);

const CLICKHOUSE_TYPES = {
  text: "Nullable(String)",
  words: "Nullable(String)",
  ip: "Nullable(String)",
  other: "Nullable(String)",
  integer: "Nullable(Int64)",
  real: "Nullable(Float64)",
  boolean: "Nullable(Bool)",
  time: "Nullable(String)",
} as const satisfies Record<ValueKind, string>;

function columnType(field: string): string {
  const { kind, several } = fieldType(field);
  return several ? "Array(String)" : CLICKHOUSE_TYPES[kind];
}
