import { describe, expect, test } from "vitest";
import { ESQL_AGGREGATES, ESQL_FUNCTIONS } from "./index.ts";
import { rowsOf } from "./testing/rows.ts";

/** What an expression gives, from the documented behaviour of each function. */
const CASES: readonly (readonly [expression: string, result: unknown])[] = [
  ["abs(-5)", 5],
  ["abs(null)", null],
  ['byte_length("ü")', 2],
  ['case(1 == 2, "a", 1 == 1, "b", "c")', "b"],
  ['case(null, "a", "c")', "c"],
  ['case(false, "a")', null],
  ["ceil(1.2)", 2],
  ['cidr_match("10.1.2.3", "192.168.0.0/16", "10.0.0.0/8")', true],
  ['cidr_match("11.1.2.3", "10.0.0.0/8")', false],
  ['cidr_match("2001:db8::1", "2001:db8::/32")', true],
  ['coalesce(null, null, "x")', "x"],
  ["coalesce(null)", null],
  ['concat("a", "b", "c")', "abc"],
  ['concat("a", null)', null],
  ['concat("n=", to_string(5))', "n=5"],
  ['contains("hello", "ell")', true],
  ['date_diff("minute", to_datetime("2026-01-01T00:00:00Z"), to_datetime("2026-01-01T01:30:59Z"))', 90],
  ['date_diff("month", to_datetime("2026-01-31T00:00:00Z"), to_datetime("2026-03-01T00:00:00Z"))', 1],
  ['date_diff("days", to_datetime("2026-01-02T00:00:00Z"), to_datetime("2026-01-01T00:00:00Z"))', -1],
  ['date_extract("hour_of_day", to_datetime("2026-01-01T17:30:00Z"))', 17],
  ['date_extract("day_of_week", to_datetime("2026-01-04T00:00:00Z"))', 7],
  ['date_format("yyyy-MM-dd", to_datetime("2026-01-02T03:04:05Z"))', "2026-01-02"],
  ['date_parse("2026-01-02")', "2026-01-02T00:00:00.000Z"],
  ['date_trunc(1 hour, to_datetime("2026-01-01T10:45:00Z"))', "2026-01-01T10:00:00.000Z"],
  ['date_trunc(30 seconds, to_datetime("2026-01-01T10:45:50Z"))', "2026-01-01T10:45:30.000Z"],
  ['date_trunc(1 week, to_datetime("2026-01-01T10:45:50Z"))', "2025-12-29T00:00:00.000Z"],
  ['date_trunc(1 month, to_datetime("2026-02-17T10:45:50Z"))', "2026-02-01T00:00:00.000Z"],
  ['date_trunc(1 year, to_datetime("2026-02-17T10:45:50Z"))', "2026-01-01T00:00:00.000Z"],
  ['bucket(to_datetime("2026-01-01T10:45:00Z"), 1 day)', "2026-01-01T00:00:00.000Z"],
  ["bucket(17, 5)", 15],
  ["e() > 2.71", true],
  ['ends_with("cmd.exe", ".exe")', true],
  ["exp(0)", 1],
  ["floor(-1.2)", -2],
  ['from_base64("aGVsbG8=")', "hello"],
  ['from_base64("###")', null],
  ["greatest(1, 3, 2)", 3],
  ['json_extract("{\\"a\\": {\\"b\\": [1, 2]}}", "a.b[1]")', 2],
  ['json_extract("{}", "a")', null],
  ['least("b", "a")', "a"],
  ['left("hello", 2)', "he"],
  ['length("héllo")', 5],
  ['locate("hello", "l")', 3],
  ['locate("hello", "l", 4)', 4],
  ['locate("hello", "x")', 0],
  ["log10(1000)", 3],
  ["log(2, 8)", 3],
  ['ltrim(" a ")', "a "],
  ["mv_append([1, 2], 3)", [1, 2, 3]],
  ["mv_avg([1, 2, 6])", 3],
  ['mv_concat(["a", "b"], ", ")', "a, b"],
  ['mv_contains(["a", "b"], ["b"])', true],
  ['mv_contains(["a", "b"], ["c"])', false],
  ['mv_count(["a", "b"])', 2],
  ['mv_dedupe(["a", "b", "a"])', ["a", "b"]],
  ['mv_first(["b", "a"])', "b"],
  ['mv_intersection(["a", "b"], ["b", "c"])', "b"],
  ['mv_last(["b", "a"])', "a"],
  ["mv_max([1, 3, 2])", 3],
  ["mv_median([1, 3, 2, 4])", 2.5],
  ['mv_min(["b", "a"])', "a"],
  ["mv_slice([1, 2, 3, 4], 1, 2)", [2, 3]],
  ["mv_slice([1, 2, 3, 4], -1)", 4],
  ['mv_sort([2, 3, 1], "desc")', [3, 2, 1]],
  ["mv_sum([1, 2])", 3],
  ['mv_zip(["a", "b"], ["x", "y"], "-")', ["a-x", "b-y"]],
  ["now()", "2026-01-31T12:00:00.000Z"],
  ["pi() > 3.14", true],
  ["pow(2, 10)", 1024],
  ['repeat("ab", 2)', "abab"],
  ['replace("a.b.c", "\\\\.", "-")', "a-b-c"],
  ['replace("C:\\\\x", "(C):.*", "$1")', "C"],
  ['replace("a`xb", """`(?![rn])[a-z]""", "!")', "a!b"],
  ['replace("aab", "a++b", "!")', "!"],
  ['reverse("abc")', "cba"],
  ['right("hello", 2)', "lo"],
  ["round(2.5)", 3],
  ["round(-2.567, 1)", -2.6],
  ['rtrim(" a ")', " a"],
  ["signum(-3)", -1],
  ["space(2)", "  "],
  ['split("a,b", ",")', ["a", "b"]],
  ['split("a", ",")', "a"],
  ["sqrt(9)", 3],
  ["sqrt(-1)", null],
  ['starts_with("cmd.exe", "cmd")', true],
  ['st_x("POINT(4.9 52.4)")', 4.9],
  ['st_y("POINT(4.9 52.4)")', 52.4],
  ['round(st_distance("POINT(4.9 52.37)", "POINT(2.35 48.86)") / 1000)', 430],
  ['substring("hello", 2, 3)', "ell"],
  ['substring("hello", -3)', "llo"],
  ['to_boolean("TRUE")', true],
  ['to_datetime("nonsense")', null],
  ['to_double("1.5")', 1.5],
  ['to_geopoint("nowhere")', null],
  ['to_integer("3")', 3],
  ['to_ip("10.0.0.1")', "10.0.0.1"],
  ['to_ip("x")', null],
  ["to_long(2.6)", 3],
  ['to_lower("ABC")', "abc"],
  ['to_lower(["A", "B"])', ["a", "b"]],
  ["to_string([1, 2])", ["1", "2"]],
  ['to_upper("abc")', "ABC"],
  ['trim(" a ")', "a"],
  ['url_decode("a%20b+c")', "a b c"],
  ['url_encode("a b/")', "a+b%2F"],
];

describe("functions", () => {
  test.each(CASES)("%s", (expression, result) => {
    expect(rowsOf(`row x = ${expression}`).rows).toEqual([{ x: result }]);
  });

  test("every function has a case", () => {
    const aliases = new Set([
      "to_keyword",
      "to_text",
      "to_version",
      "to_int",
      "to_unsigned_long",
      "to_dbl",
      "to_bool",
      "to_date",
      "to_dt",
      "to_date_nanos",
    ]);
    const covered = CASES.map(([expression]) => expression).join("\n");
    expect(ESQL_FUNCTIONS.filter(({ name }) => !aliases.has(name) && !covered.includes(`${name}(`)).map(({ name }) => name)).toEqual([]);
  });

  test("a list in a function of single values is null; what cannot be computed warns", () => {
    expect(rowsOf('row x = length(["a", "b"])').rows).toEqual([{ x: null }]);
    expect(rowsOf('row x = to_integer("x")').warnings.length).toBe(1);
    expect(rowsOf("row x = 1 / 0")).toEqual({ rows: [{ x: null }], warnings: ["a division by zero"] });
  });
});

describe("operators", () => {
  test.each([
    ["7 / 2", 3],
    ["7 / 2.0", 3.5],
    ["7 % 4", 3],
    ["2 + 3 * 4", 14],
    ["-(2 + 3)", -5],
    ["1 == 1.0", true],
    ['"a" < "b"', true],
    ['"ABC" =~ "abc"', true],
    ["null == 1", null],
    ["null and false", false],
    ["null and true", null],
    ["null or true", true],
    ["not null", null],
    ["not not true", true],
    ["[1, 2] == 1", null],
    ["1 in (1, 2)", true],
    ["1 in (2, null)", null],
    ["1 not in (2, 3)", true],
    ["null is null", true],
    ["1 is not null", true],
    ['"cmd.exe" like "cmd*"', true],
    ['"cmd.exe" like ("a*", "*.exe")', true],
    ['"a*b" like """a\\*b"""', true],
    ['"axb" like """a\\*b"""', false],
    ['"CMD.exe" like "cmd*"', false],
    ['"cmd.exe" not like "cmd?exe"', false],
    ['"abc" rlike "a.c"', true],
    ['"xabc" rlike "a.c"', false],
    ['"a\\nc" rlike "a.c"', true],
    ['to_datetime("2026-01-01") < "2026-01-02"', true],
    ['to_datetime("2026-01-31") + 1 month', "2026-02-28T00:00:00.000Z"],
    ["now() - 5m", "2026-01-31T11:55:00.000Z"],
    ['"5"::integer + 1', 6],
  ])("%s", (expression, result) => {
    expect(rowsOf(`row x = ${expression}`).rows).toEqual([{ x: result }]);
  });
});

describe("aggregates", () => {
  const events = [
    { host: { name: "a" }, process: { pid: 1, name: "x" } },
    { host: { name: "a" }, process: { pid: 3, name: ["y", "z"] } },
    { host: { name: "a" }, process: { pid: 2 } },
    { host: { name: "b" }, process: { pid: 10, name: "x" } },
  ];
  test.each([
    ["count(*)", 3],
    ["count(process.name)", 3],
    ["count_distinct(process.name)", 3],
    ["values(process.name)", ["x", "y", "z"]],
    ["sum(process.pid)", 6],
    ["avg(process.pid)", 2],
    ["min(process.pid)", 1],
    ["max(process.name)", "z"],
    ["median(process.pid)", 2],
    ["percentile(process.pid, 25)", 1.5],
    ["round(std_dev(process.pid), 3)", 0.816],
    ['top(process.pid, 2, "desc")', [3, 2]],
    ["first(process.name, process.pid)", "x"],
    ["last(process.name, process.pid)", ["y", "z"]],
    ["count(*) where process.pid > 1", 2],
    ["sum(case(process.pid > 1, 1, 0)) * 10", 20],
    ["max(process.pid) - min(process.pid)", 2],
  ])("%s", (aggregate, result) => {
    const { rows } = rowsOf(`from x | stats n = ${aggregate} by host.name | where host.name == "a" | keep n`, events);
    expect(rows).toEqual([{ n: result }]);
  });

  test("every aggregate is among them", () => {
    const tested = "count count_distinct values sum avg min max median percentile std_dev top first last".split(" ");
    expect(ESQL_AGGREGATES.map(({ name }) => name).sort()).toEqual(tested.sort());
  });

  test("of no rows there is one row without `by`, and none with it", () => {
    expect(rowsOf("from x | stats n = count(*), m = max(process.pid)").rows).toEqual([{ n: 0, m: null }]);
    expect(rowsOf("from x | stats n = count(*) by host.name").rows).toEqual([]);
  });
});
