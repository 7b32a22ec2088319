import { describe, expect, test } from "vitest";
import { compileFilter, schemaFromTypes, type EventDocument } from "../eql/index.ts";
import { EsqlError, esqlPrefilter, parseEsql } from "./index.ts";
import { rowsOf } from "./testing/rows.ts";

const events: readonly EventDocument[] = [
  {
    "@timestamp": "2026-01-31T10:00:00Z",
    host: { name: "a" },
    process: { name: "cmd.exe", pid: 5, args: ["cmd", "/c"] },
    message: "Hello World",
  },
  { "@timestamp": "2026-01-31T10:01:00Z", host: { name: "b" }, process: { name: "net.exe", pid: 7 } },
  { "@timestamp": "2026-01-31T10:02:00Z", host: { name: "a" }, process: { name: "net.exe", pid: "9" } },
  { "@timestamp": "2026-01-31T10:03:00Z", host: { name: "c" } },
];

describe("commands", () => {
  test("where keeps what is true; unknown is not true", () => {
    expect(rowsOf('from x | where process.name != "cmd.exe" | keep host.name', events).rows).toEqual([
      { "host.name": "b" },
      { "host.name": "a" },
    ]);
    expect(rowsOf('from x | where not process.name == "cmd.exe" | keep host.name', events).rows.length).toBe(2);
  });

  test("eval computes, and a column of the same name is replaced and stands last", () => {
    const { rows } = rowsOf("row a = 1, b = 2 | eval a = a + b, c = a * 10");
    expect(rows).toEqual([{ b: 2, a: 3, c: 30 }]);
    expect(Object.keys(rows[0]!)).toEqual(["b", "a", "c"]);
  });

  test("values have the type of their field", () => {
    expect(rowsOf("from x | where process.pid == 9 | eval p = process.pid + 1 | keep p", events).rows).toEqual([{ p: 10 }]);
  });

  test("keep, drop and rename, with patterns", () => {
    expect(rowsOf("row a.x = 1, a.y = 2, b = 3 | keep b, a.*").rows).toEqual([{ b: 3, "a.x": 1, "a.y": 2 }]);
    expect(rowsOf("row a.x = 1, a.y = 2, b = 3 | drop a.*").rows).toEqual([{ b: 3 }]);
    expect(rowsOf("row a = 1, b = 2 | rename a as c, d = b").rows).toEqual([{ c: 1, d: 2 }]);
    expect(rowsOf("from x | rename host.name as h | keep h | limit 1", events).rows).toEqual([{ h: "a" }]);
  });

  test("sort: missing values count as the largest; nulls first and last", () => {
    const names = (sort: string): unknown[] =>
      rowsOf(`from x | sort ${sort} | keep host.name, process.pid`, events).rows.map((row) => row["process.pid"]);
    expect(names("process.pid")).toEqual([5, 7, 9, null]);
    expect(names("process.pid desc")).toEqual([null, 9, 7, 5]);
    expect(names("process.pid desc nulls last")).toEqual([9, 7, 5, null]);
    expect(names("host.name, process.pid desc")).toEqual([9, 5, 7, null]);
  });

  test("limit", () => {
    expect(rowsOf("from x | keep host.name | limit 2", events).rows.length).toBe(2);
    expect(rowsOf("from x | stats n = count(*) by host.name | limit 1", events).rows.length).toBe(1);
  });

  test("mv_expand makes a row of each value", () => {
    expect(rowsOf('row a = [1, 2], b = "x" | mv_expand a').rows).toEqual([
      { b: "x", a: 1 },
      { b: "x", a: 2 },
    ]);
    expect(rowsOf("row a = null | mv_expand a").rows).toEqual([{ a: null }]);
  });

  test("grok takes columns out, by patterns and by captures; the first pattern that fits", () => {
    const text = 'row m = "10.0.0.1 took 35 ms"';
    expect(rowsOf(`${text} | grok m "%{IP:ip} took %{NUMBER:n:int}" | drop m`).rows).toEqual([{ ip: "10.0.0.1", n: 35 }]);
    expect(rowsOf(`${text} | grok m """took (?<Esql.n>\\d+)""" | drop m`).rows).toEqual([{ "Esql.n": "35" }]);
    expect(rowsOf(`${text} | grok m "nothing %{WORD:a}", "%{WORD:b} ms" | drop m`).rows).toEqual([{ a: null, b: "35" }]);
  });

  test("dissect: skipped, appended and padded keys", () => {
    expect(rowsOf('row m = "2026 INFO   x y" | dissect m "%{year} %{level->} %{?skip} %{last}" | drop m').rows).toEqual([
      { year: "2026", level: "INFO", last: "y" },
    ]);
    expect(rowsOf('row m = "a-b" | dissect m "%{n}-%{+n}" append_separator = "/" | drop m').rows).toEqual([{ n: "a/b" }]);
    expect(rowsOf('row m = "nothing" | dissect m "%{a}:%{b}" | drop m').rows).toEqual([{ a: null, b: null }]);
  });

  test("stats groups by each value of a list, and null is a group", () => {
    expect(rowsOf("from x | stats n = count(*) by process.args | sort process.args", events).rows).toEqual([
      { n: 1, "process.args": "/c" },
      { n: 1, "process.args": "cmd" },
      { n: 3, "process.args": null },
    ]);
  });

  test("stats by an expression, and an aggregate without a name", () => {
    expect(rowsOf("from x | stats count(*) by h = bucket(@timestamp, 2 minutes) | sort h", events).rows).toEqual([
      { "count(*)": 2, h: "2026-01-31T10:00:00.000Z" },
      { "count(*)": 2, h: "2026-01-31T10:02:00.000Z" },
    ]);
  });

  test("inline stats keeps every row and adds what its group gives", () => {
    expect(rowsOf("from x | inline stats n = count(*) by host.name | keep host.name, n", events).rows).toEqual([
      { "host.name": "a", n: 2 },
      { "host.name": "b", n: 1 },
      { "host.name": "a", n: 2 },
      { "host.name": "c", n: 1 },
    ]);
  });

  test("kql, qstr and match look at the event", () => {
    expect(rowsOf('from x | where kql("process.name:net* and host.name:a") | keep process.pid', events).rows).toEqual([
      { "process.pid": 9 },
    ]);
    expect(rowsOf('from x | where qstr("process.name:/net.*/ AND host.name:a") | keep process.pid', events).rows).toEqual([
      { "process.pid": 9 },
    ]);
    expect(rowsOf('from x | where message : "world" | keep host.name', events).rows).toEqual([{ "host.name": "a" }]);
  });

  test("metadata", () => {
    expect(rowsOf('from x metadata _id, _index | where host.name == "c" | keep _id, _index', events).rows).toEqual([
      { _id: "3", _index: "logs" },
    ]);
  });

  test("comments, any case, back quotes, raw texts", () => {
    const query = 'FROM x /* a /* nested */ comment */ // line\n| WHERE `host.name` == """c""" | KEEP host.name';
    expect(rowsOf(query, events).rows).toEqual([{ "host.name": "c" }]);
  });
});

describe("the filter before the pipeline", () => {
  const schema = schemaFromTypes([["process.pid", "long"]]);
  test.each([
    'from x | where process.name == "net.exe" and process.pid > 8',
    'from x | where process.name in ("net.exe", "cmd.exe") or host.name like "c*"',
    "from x | where process.name is not null | where length(process.name) > 3",
    'from x | where not process.name == "net.exe"',
    'from x | eval process.name = "z" | where process.name == "z"',
    'from x | where process.name == "net.exe" or process.pid > 1',
  ])("lets through at least what is in the result: %s", (text) => {
    const test = compileFilter({ span: { from: 0, to: 0 }, category: null, condition: esqlPrefilter(parseEsql(text).query!) }, { schema });
    for (const event of events) if (rowsOf(`${text} | keep host.name`, [event]).rows.length > 0) expect(test(event)).toBe(true);
  });

  test("and not everything, where it can be said", () => {
    const test = compileFilter(
      {
        span: { from: 0, to: 0 },
        category: null,
        condition: esqlPrefilter(parseEsql('from x | where process.name == "net.exe" and process.pid > 8').query!),
      },
      { schema },
    );
    expect(events.map(test)).toEqual([false, true, true, false]);
  });
});

test("bounds: groups and texts", () => {
  expect(() => rowsOf(`row x = ${"(".repeat(100_000)}`)).toThrow();
  expect(() => rowsOf(`from x | where ${"not ".repeat(100_000)}true`)).not.toThrow();
  expect(rowsOf('row x = repeat("ab", 10000000)')).toEqual({
    rows: [{ x: null }],
    warnings: ["a text would be longer than 1048576 characters"],
  });
});

test("what cannot be run says why, at its place", () => {
  const error = (text: string): readonly [string, string] => {
    try {
      rowsOf(text);
    } catch (thrown) {
      if (thrown instanceof EsqlError) return [thrown.diagnostic.code, text.slice(thrown.diagnostic.span.from, thrown.diagnostic.span.to)];
      return [(thrown as Error).message.split(":")[0]!, ""];
    }
    return ["none", ""];
  };
  expect(error("from x | where ~")).toEqual(["esql/bad-character", ""]);
  expect(error("from x | stats n = count(*) | where process.name == 1")).toEqual(["esql/unknown-column", "process.name"]);
  expect(error("from x | eval a = count(*)")).toEqual(["esql/aggregate-place", "count"]);
  expect(error("from x | eval a = length(*)")).toEqual(["esql/bad-argument", "*"]);
  expect(error("from x | eval a = sum(process.pid)")).toEqual(["esql/aggregate-place", "sum"]);
  expect(error("from x | eval a = length()")).toEqual(["esql/bad-argument", "length"]);
  expect(error("from x | eval a = lenght(b)")).toEqual(["esql/unknown-function", "lenght"]);
  expect(error("from x | eval a = knn(b)")).toEqual(["esql/not-supported", "knn"]);
  expect(error('from x | where a rlike "("')).toEqual(["esql/bad-pattern", '"("']);
  expect(error('from x | where kql("a:")')).toEqual(["esql/bad-query", '"a:"']);
  expect(error("from x | completion a")).toEqual(["esql/not-supported", ""]);
  expect(error("from x | wher a")).toEqual(["esql/unknown-command", ""]);
  expect(error('from x | where a == "b')).toEqual(["esql/unclosed-string", ""]);
  expect(error("from x | where a ==")).toEqual(["esql/syntax", ""]);
});
