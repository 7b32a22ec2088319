// Aggregation held against SQL: the same question of the same rows, in a database that shares no code with ours.
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rowsOf } from "./testing/rows.ts";

const row = fc.record({
  host: fc.constantFrom("a", "b", "c", null),
  user: fc.constantFrom("x", "y", "z", null),
  pid: fc.option(fc.integer({ min: -50, max: 50 }), { freq: 4 }),
  minute: fc.integer({ min: 0, max: 30 }),
});

const AGGREGATES: readonly (readonly [esql: string, sql: string])[] = [
  ["count(*)", "count(*)"],
  ["count(process.pid)", "count(pid)"],
  ["count_distinct(user.name)", "count(DISTINCT usr)"],
  ["sum(process.pid)", "sum(pid)"],
  ["min(process.pid)", "min(pid)"],
  ["max(process.pid)", "max(pid)"],
  ["avg(process.pid)", "avg(pid)"],
  ["median(process.pid)", "median(pid)"],
  ["percentile(process.pid, 90)", "quantile_cont(pid, 0.9)"],
  ["std_dev(process.pid)", "stddev_pop(pid)"],
  ["min(user.name)", "min(usr)"],
  ["count(*) where process.pid > 0", "count(*) FILTER (WHERE pid > 0)"],
  ["sum(case(process.pid > 0, process.pid, 0))", "sum(CASE WHEN pid > 0 THEN pid ELSE 0 END)"],
];

const FILTERS: readonly (readonly [esql: string, sql: string])[] = [
  ["true", "true"],
  ['process.pid > 10 or host.name == "a"', "pid > 10 OR host = 'a'"],
  ['not (process.pid > 10 and user.name != "x")', "NOT (pid > 10 AND usr <> 'x')"],
  ['process.pid is null or user.name in ("x", "y")', "pid IS NULL OR usr IN ('x', 'y')"],
  ["process.pid % 3 == 1 or process.pid / 2 > 3", "pid % 3 = 1 OR pid // 2 > 3"],
];

test("groups, aggregates and filters give what DuckDB gives", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 30 }),
      fc.constantFrom(...FILTERS),
      fc.subarray([0, 1, 2], { minLength: 1 }),
      async (rows, [where, sqlWhere], keys) => {
        await connection.run("CREATE OR REPLACE TABLE t (host VARCHAR, usr VARCHAR, pid BIGINT, ts TIMESTAMP)");
        const time = (minute: number): string => `2026-01-31T10:${String(minute).padStart(2, "0")}:30Z`;
        const text = (value: string | null): string => (value === null ? "NULL" : `'${value}'`);
        if (rows.length > 0)
          await connection.run(
            `INSERT INTO t VALUES ${rows.map(({ host, user, pid, minute }) => `(${text(host)}, ${text(user)}, ${pid ?? "NULL"}, TIMESTAMP '${time(minute).replace("T", " ").replace("Z", "")}')`).join(", ")}`,
          );
        const by = [
          ["host.name", "host"],
          ["user.name", "usr"],
          ["b = date_trunc(10 minutes, @timestamp)", "time_bucket(INTERVAL 10 MINUTE, ts)"],
        ] as const;
        const chosen = keys.map((key) => by[key]!);
        const events = rows.map(({ host, user, pid, minute }) => ({
          "@timestamp": time(minute),
          ...(host === null ? {} : { host: { name: host } }),
          ...(user === null ? {} : { user: { name: user } }),
          ...(pid === null ? {} : { process: { pid } }),
        }));
        const ours = rowsOf(
          `from x | where ${where} | stats ${AGGREGATES.map(([esql], at) => `n${at} = ${esql}`).join(", ")} by ${chosen.map(([esql]) => esql).join(", ")}`,
          events,
        ).rows.map((one) =>
          JSON.stringify([
            ...AGGREGATES.map((_, at) => rounded(one[`n${at}`])),
            ...chosen.map(([esql]) => one[esql.startsWith("b =") ? "b" : esql]),
          ]),
        );
        const reader = await connection.runAndReadAll(
          `SELECT ${AGGREGATES.map(([, sql]) => sql).join(", ")}, ${chosen.map(([, sql]) => (sql.startsWith("time") ? `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.000Z')` : sql)).join(", ")} FROM t WHERE ${sqlWhere} GROUP BY ${chosen.map(([, sql]) => sql).join(", ")}`,
        );
        const theirs = reader.getRows().map((one) => JSON.stringify(one.map(rounded)));
        expect(ours.sort()).toEqual(theirs.sort());
      },
    ),
    { numRuns: 60 },
  );
});

/** DuckDB's sums are bigger integers; both round decimals. */
function rounded(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" ? Math.round(value * 1e6) / 1e6 + 0 : value;
}
