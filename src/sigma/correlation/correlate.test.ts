import { describe, expect, test } from "vitest";
import { compileFilter, type EventDocument } from "../../eql/index.ts";
import { Correlator, loadSigma, type CorrelationCounts, type CorrelationLimits, type CorrelationMatch } from "../index.ts";

const BASE = `
title: failed
name: failed
id: r1
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: success
name: success
id: r2
logsource: {product: windows, service: security}
detection: {s: {EventID: 4624}, condition: s}
---
title: created
name: created
id: r3
logsource: {product: windows, service: security}
detection: {s: {EventID: 4720}, condition: s}
`;

interface Row {
  /** Seconds. */
  readonly t: number;
  readonly code: number;
  readonly user?: string | readonly string[];
  readonly from?: string;
  readonly bytes?: number | string;
}

interface Ran {
  readonly matches: readonly CorrelationMatch<Row>[];
  readonly counts: CorrelationCounts;
}

/** Of all correlations together. */
function total(all: Iterable<CorrelationCounts>): CorrelationCounts {
  const sum: CorrelationCounts = {
    matches: 0,
    evictedGroups: 0,
    droppedEvents: 0,
    truncatedKeys: 0,
    withoutGroup: 0,
    withoutValue: 0,
    late: 0,
  };
  for (const counts of all) for (const name of Object.keys(sum) as (keyof CorrelationCounts)[]) sum[name] += counts[name];
  return sum;
}

function run(correlation: string, rows: readonly Row[], limits: Partial<CorrelationLimits> = {}, files = BASE): Ran {
  const { rules, correlations, problems } = loadSigma([{ path: "c.yml", text: `${files}---\n${correlation}` }]);
  expect(problems).toEqual([]);
  const tests = rules.map((rule) => ({ key: rule.key, test: compileFilter(rule.query.filter) }));
  const matches: CorrelationMatch<Row>[] = [];
  const correlator = new Correlator<Row>(correlations, { limits, onMatch: (match) => matches.push(match) });
  for (const row of rows) {
    const document = {
      event: { code: String(row.code) },
      winlog: { channel: "Security", event_data: { TargetUserName: row.user, Bytes: row.bytes } },
      source: { ip: row.from },
    } as EventDocument;
    correlator.accept(
      tests.filter(({ test }) => test(document)).map(({ key }) => key),
      row,
      document,
      row.t * 1000,
    );
  }
  correlator.end();
  return { matches, counts: total(correlator.counts.values()) };
}

function correlation(type: string, rest: string): string {
  return `title: c\nid: c1\nname: c\ncorrelation:\n  type: ${type}\n${rest.trim().replaceAll(/^/gm, "  ")}\n`;
}

const times = (ran: Ran): readonly (readonly [from: number, to: number])[] => ran.matches.map(({ from, to }) => [from / 1000, to / 1000]);
const failures = (at: readonly number[], user = "eve"): Row[] => at.map((t) => ({ t, code: 4625, user }));

const bytes = (values: readonly (number | string)[]): Row[] => values.map((value, t) => ({ t, code: 4624, bytes: value }));

const of = (type: string, condition: string): string =>
  correlation(type, `rules: [success]\ntimespan: 1m\ncondition: {field: Bytes, ${condition}}`);

const rows = (...list: readonly (readonly [t: number, code: number, user?: string])[]): Row[] =>
  list.map(([t, code, user = "eve"]) => ({ t, code, user }));

const attackers = (n: number): Row[] => Array.from({ length: n }, (_, i) => ({ t: i, code: 4625, user: `u${i}` }));

describe("event_count", () => {
  const text = correlation("event_count", "rules: [failed]\ngroup-by: [TargetUserName]\ntimespan: 1m\ncondition: {gte: 3}");
  test("fires when the bound is reached within the time span, per group", () => {
    const rows = [...failures([0, 10, 20]), ...failures([30, 40], "bob")];
    const ran = run(text, rows);
    expect(times(ran)).toEqual([[0, 20]]);
    expect(ran.matches[0]!.group).toEqual([{ name: "TargetUserName", value: "eve" }]);
    expect(ran.matches[0]!.value).toBe(3);
    expect(ran.matches[0]!.events).toHaveLength(3);
  });
  test("not when the events lie further apart; exactly the span is within", () => {
    expect(times(run(text, failures([0, 31, 61, 93])))).toEqual([]);
    expect(times(run(text, failures([0, 31, 60])))).toEqual([[0, 60]]);
  });
  test("a flood is one match per time span", () => {
    expect(run(text, failures(Array.from({ length: 600 }, (_, i) => i / 4))).matches).toHaveLength(3);
  });
  test("after a pause it fires anew", () => {
    expect(times(run(text, failures([0, 1, 2, 200, 201, 202])))).toEqual([
      [0, 2],
      [200, 202],
    ]);
  });
  test("events without the group's field are counted apart", () => {
    const ran = run(text, [
      { t: 0, code: 4625 },
      { t: 1, code: 4625 },
      { t: 2, code: 4625 },
    ]);
    expect([ran.matches.length, ran.counts.withoutGroup]).toEqual([0, 3]);
  });
  test("an array belongs to every group it names", () => {
    const ran = run(
      text,
      [0, 1, 2].map((t) => ({ t, code: 4625, user: ["eve", "bob"] })),
    );
    expect(ran.matches.map(({ group }) => group[0]!.value)).toEqual(["eve", "bob"]);
  });
  test("the other rules' events do not count", () => {
    expect(run(text, [...failures([0, 1]), { t: 2, code: 4624, user: "eve" }]).matches).toEqual([]);
  });
  test("bounds from above and exact ones are judged when the time is over", () => {
    const few = correlation("event_count", "rules: [failed]\ngroup-by: [TargetUserName]\ntimespan: 1m\ncondition: {lt: 3}");
    expect(times(run(few, failures([0, 1, 2, 100])))).toEqual([[100, 100]]);
    const range = correlation("event_count", "rules: [failed]\ntimespan: 1m\ncondition: {gte: 2, lte: 3}");
    expect(times(run(range, failures([0, 1, 2, 3, 100, 101])))).toEqual([[100, 101]]);
    const exact = correlation("event_count", "rules: [failed]\ntimespan: 1m\ncondition: {eq: 2}");
    expect(times(run(exact, failures([0, 1, 60, 61, 62, 200])))).toEqual([[0, 1]]);
    const other = correlation("event_count", "rules: [failed]\ntimespan: 1m\ncondition: {neq: 2}");
    expect(times(run(other, failures([0, 1, 100])))).toEqual([[100, 100]]);
  });
});

describe("values", () => {
  test("value_count counts different values", () => {
    const text = correlation(
      "value_count",
      "rules: [failed]\ngroup-by: [IpAddress]\ntimespan: 1m\ncondition: {field: TargetUserName, gte: 3}",
    );
    const rows = ["a", "a", "b", "c"].map((user, t) => ({ t, code: 4625, user, from: "10.0.0.1" }));
    const ran = run(text, rows);
    expect(times(ran)).toEqual([[0, 3]]);
    expect(ran.matches[0]!.value).toBe(3);
    expect(run(text, rows.slice(0, 3)).matches).toEqual([]);
    expect(
      run(text, [
        { ...rows[0]!, t: 0 },
        { ...rows[2]!, t: 50 },
        { ...rows[3]!, t: 61 },
      ]).matches,
    ).toEqual([]);
  });
  test("value_count over several fields", () => {
    const text = correlation("value_count", "rules: [failed]\ntimespan: 1m\ncondition: {field: [TargetUserName, IpAddress], gte: 2}");
    expect(
      run(text, [
        { t: 0, code: 4625, user: "a", from: "1.1.1.1" },
        { t: 1, code: 4625, user: "a", from: "1.1.1.1" },
      ]).matches,
    ).toEqual([]);
    expect(
      run(text, [
        { t: 0, code: 4625, user: "a", from: "1.1.1.1" },
        { t: 1, code: 4625, user: "a", from: "1.1.1.2" },
      ]).matches,
    ).toHaveLength(1);
  });
  test("sum, average, median and percentile", () => {
    expect(run(of("value_sum", "gt: 99"), bytes([50, "49"])).matches).toEqual([]);
    expect(run(of("value_sum", "gt: 99"), bytes([50, "50"])).matches[0]!.value).toBe(100);
    expect(run(of("value_avg", "gte: 20"), bytes([10, 30])).matches[0]!.value).toBe(20);
    expect(run(of("value_avg", "gt: 20"), bytes([10, 30])).matches).toEqual([]);
    expect(run(of("value_median", "eq: 3"), bytes([100, 1, 3])).matches[0]!.value).toBe(3);
    expect(run(of("value_percentile", "percentile: 90, gte: 9"), bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).matches[0]!.value).toBe(9);
    expect(run(of("value_percentile", "percentile: 95, gt: 9.4"), bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).matches[0]!.value).toBeCloseTo(
      9.5,
    );
  });
  test("values that are no numbers are counted apart", () => {
    expect(run(of("value_sum", "gte: 1"), bytes(["x", 1])).counts.withoutValue).toBe(1);
  });
});

describe("temporal", () => {
  const text = correlation("temporal", "rules: [failed, success]\ngroup-by: [TargetUserName]\ntimespan: 1m");
  test("any order, within the time span, per group", () => {
    expect(times(run(text, rows([0, 4624], [10, 4625])))).toEqual([[0, 10]]);
    expect(times(run(text, rows([0, 4625], [10, 4624])))).toEqual([[0, 10]]);
    expect(run(text, rows([0, 4625], [61, 4624])).matches).toEqual([]);
    expect(run(text, rows([0, 4625], [1, 4624, "bob"])).matches).toEqual([]);
  });
  test("what has matched is used up", () => {
    expect(times(run(text, rows([0, 4625], [1, 4624], [2, 4624], [3, 4625])))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
  test("ordered", () => {
    const ordered = text.replace("type: temporal", "type: temporal_ordered");
    expect(times(run(ordered, rows([0, 4625], [10, 4624])))).toEqual([[0, 10]]);
    expect(run(ordered, rows([0, 4624], [10, 4625])).matches).toEqual([]);
    // The later start is still young enough.
    expect(times(run(ordered, rows([0, 4625], [50, 4625], [70, 4624])))).toEqual([[50, 70]]);
    expect(run(ordered, rows([0, 4625], [61, 4624])).matches).toEqual([]);
  });
  test("ordered, one event that both rules match", () => {
    const both = `${BASE}---\ntitle: any\nname: anything\nid: r4\nlogsource: {product: windows, service: security}\ndetection: {s: {EventID|exists: true}, condition: s}\n`;
    const ordered = correlation("temporal_ordered", "rules: [failed, anything]\ntimespan: 1m");
    expect(run(ordered, rows([0, 4625]), {}, both).matches).toEqual([]);
    expect(times(run(ordered, rows([0, 4625], [1, 4625]), {}, both))).toEqual([[0, 1]]);
  });
  test("a condition over the rules", () => {
    const or = correlation("temporal", "rules: [failed, success, created]\ntimespan: 1m\ncondition: created and (failed or success)");
    expect(times(run(or, rows([0, 4624], [5, 4720])))).toEqual([[0, 5]]);
    const without = correlation(
      "temporal",
      "rules: [failed, success]\ngroup-by: [TargetUserName]\ntimespan: 1m\ncondition: failed and not success",
    );
    expect(run(without, rows([0, 4625], [30, 4624])).matches).toEqual([]);
    expect(times(run(without, rows([0, 4625], [70, 4624])))).toEqual([[0, 0]]);
  });
  test("aliases", () => {
    const aliased = correlation(
      "temporal",
      "rules: [failed, created]\naliases:\n  who:\n    failed: TargetUserName\n    created: Bytes\ngroup-by: [who]\ntimespan: 1m",
    );
    expect(
      run(aliased, [
        { t: 0, code: 4625, user: "eve" },
        { t: 1, code: 4720, bytes: "eve" },
      ]).matches,
    ).toHaveLength(1);
    expect(
      run(aliased, [
        { t: 0, code: 4625, user: "eve" },
        { t: 1, code: 4720, user: "eve", bytes: "bob" },
      ]).matches,
    ).toEqual([]);
  });
});

describe("correlations of correlations, and who makes alerts", () => {
  const inner = correlation("event_count", "rules: [failed]\ngroup-by: [TargetUserName]\ntimespan: 1m\ncondition: {gte: 3}");
  const outer =
    "---\ntitle: o\nid: o1\ncorrelation:\n  type: temporal_ordered\n  rules: [c, success]\n  group-by: [TargetUserName]\n  timespan: 10m\n";
  test("many failures, then a success", () => {
    const ran = run(inner + outer, [...failures([0, 1, 2]), { t: 30, code: 4624, user: "bob" }, { t: 60, code: 4624, user: "eve" }]);
    expect(ran.matches.map((match) => [match.correlation.id, match.to / 1000])).toEqual([["o1", 60]]);
  });
  test("parts are silent unless `generate` says otherwise", () => {
    const quiet = loadSigma([{ path: "c", text: `${BASE}---\n${inner}` }]);
    expect(quiet.rules.map(({ silent }) => silent)).toEqual([true, false, false]);
    const loud = loadSigma([{ path: "c", text: `${BASE}---\n${inner}  generate: true\n` }]);
    expect(loud.rules.map(({ silent }) => silent)).toEqual([false, false, false]);
    const nested = loadSigma([{ path: "c", text: `${BASE}---\n${inner}${outer}` }]);
    expect(nested.correlations.map(({ id, silent }) => [id, silent])).toEqual([
      ["c1", true],
      ["o1", false],
    ]);
  });
});

test("an old aggregation is a correlation", () => {
  const old =
    "title: old\nid: old\nlogsource: {product: windows, service: security}\ndetection:\n  s: {EventID: 4625}\n  timeframe: 1m\n  condition: s | count(TargetUserName) by IpAddress >= 2\n";
  const rows = [
    { t: 0, code: 4625, user: "a", from: "1.1.1.1" },
    { t: 1, code: 4625, user: "b", from: "1.1.1.1" },
  ];
  expect(run(old, rows).matches).toHaveLength(1);
  expect(run(old, [rows[0]!, { ...rows[1]!, from: "2.2.2.2" }]).matches).toEqual([]);
});

describe("near, of Sigma before 2", () => {
  const CODES = { failed: 4625, logon: 4624, cleared: 1102 };
  const near = (condition: string): string => {
    const selections = Object.entries(CODES).filter(([name]) => condition.includes(name));
    const detection = selections.map(([name, code]) => `  ${name}: {EventID: ${code}}\n`).join("");
    return `title: old\nid: old\nlogsource: {product: windows, service: security}\ndetection:\n${detection}  timeframe: 1m\n  condition: ${condition}\n`;
  };
  const row = (t: number, code: number, user = "a"): Row => ({ t, code, user, from: "1.1.1.1" });

  test("both within the time frame, in any order", () => {
    const text = near("failed | near logon");
    expect(run(text, [row(0, 4625), row(30, 4624)]).matches).toHaveLength(1);
    expect(run(text, [row(0, 4624), row(30, 4625)]).matches).toHaveLength(1);
    expect(run(text, [row(0, 4625), row(90, 4624)]).matches).toEqual([]);
    expect(run(text, [row(0, 4625), row(30, 4625)]).matches).toEqual([]);
  });

  test("several, and one that may not be there", () => {
    const text = near("failed | near logon and not cleared");
    expect(run(text, [row(0, 4625), row(30, 4624)]).matches).toHaveLength(1);
    expect(run(text, [row(0, 4625), row(20, 1102), row(30, 4624)]).matches).toEqual([]);
    expect(run(near("failed | near logon and cleared"), [row(0, 4625), row(30, 4624)]).matches).toEqual([]);
  });

  test("by a field", () => {
    const text = near("failed | near logon by TargetUserName");
    expect(run(text, [row(0, 4625), row(30, 4624)]).matches).toHaveLength(1);
    expect(run(text, [row(0, 4625), row(30, 4624, "b")]).matches).toEqual([]);
  });

  test("a time frame is needed", () => {
    const text = near("failed | near logon").replace("  timeframe: 1m\n", "");
    expect(loadSigma([{ path: "n", text }])).toMatchObject({ correlations: [], problems: [{ code: "sigma/bad-timespan" }] });
  });

  test("the selections make no alerts of their own", () => {
    const { rules, correlations, problems } = loadSigma([{ path: "n", text: near("failed | near logon and not cleared") }]);
    expect(problems).toEqual([]);
    expect(rules.map(({ key, silent }) => [key, silent])).toEqual([
      ["old", true],
      ["old#near1", true],
      ["old#near2", true],
    ]);
    expect(correlations.map(({ key, type, silent }) => [key, type, silent])).toEqual([["old#aggregation", "temporal", false]]);
  });
});

describe("bounds", () => {
  const text = correlation("event_count", "rules: [failed]\ngroup-by: [TargetUserName]\ntimespan: 1h\ncondition: {gte: 3}");
  test("groups are given up oldest first, and counted", () => {
    const ran = run(text, [...failures([0, 1]), ...attackers(20).map((row) => ({ ...row, t: 2 })), ...failures([3])], { maxGroups: 10 });
    expect(ran.matches).toEqual([]);
    expect(ran.counts.evictedGroups).toBe(12);
  });
  test("events of all groups, and of one", () => {
    expect(run(text, attackers(100), { maxEvents: 50 }).counts.evictedGroups).toBe(50);
    const many = text.replace("gte: 3", "lt: 3");
    expect(run(many, failures(Array.from({ length: 30 }, () => 0)), { maxEventsPerGroup: 10, maxEvents: 5 }).counts.droppedEvents).toBe(20);
  });
  test("quiet groups are forgotten: memory follows the time span, not the stream", () => {
    const short = text.replace("1h", "1s");
    expect(run(short, attackers(1000), { maxGroups: 5 }).counts.evictedGroups).toBe(0);
  });
  test("combinations of arrays", () => {
    expect(
      run(text, [{ t: 0, code: 4625, user: Array.from({ length: 50 }, (_, i) => `u${i}`) }], { maxKeys: 10 }).counts.truncatedKeys,
    ).toBe(1);
  });
  test("an event out of order counts at the time of the latest one", () => {
    const ran = run(text, failures([100, 50, 101]));
    expect([ran.matches.length, ran.counts.late]).toEqual([1, 1]);
  });
});

describe("bad correlations have their place", () => {
  const cases: readonly (readonly [body: string, code: string])[] = [
    ["type: nope\nrules: [failed]\ntimespan: 1m\ncondition: {gte: 1}", "sigma/bad-correlation 24:9"],
    ["type: event_count\nrules: [nope]\ntimespan: 1m\ncondition: {gte: 1}", "sigma/unknown-rule 25:11"],
    ["type: event_count\nrules: [failed]\ntimespan: 1 fortnight\ncondition: {gte: 1}", "sigma/bad-timespan 26:13"],
    ["type: event_count\nrules: [failed]\ntimespan: 1m", "sigma/bad-correlation 24:3"],
    ["type: event_count\nrules: [failed]\ntimespan: 1m\ncondition: {over: 1}", "sigma/bad-correlation 27:15"],
    ["type: event_count\nrules: [failed]\ntimespan: 1m\ncondition: {gte: x}", "sigma/bad-correlation 27:20"],
    ["type: value_count\nrules: [failed]\ntimespan: 1m\ncondition: {gte: 1}", "sigma/bad-correlation 27:14"],
    ["type: temporal\nrules: [failed]\ntimespan: 1m\ncondition: success", "sigma/bad-correlation 27:14"],
    ["type: temporal\nrules: [c]\ntimespan: 1m", "sigma/bad-correlation 25:11"],
    ["type: temporal\nrules: []\ntimespan: 1m", "sigma/bad-correlation 25:10"],
    [
      "type: temporal\nrules: [failed, success]\ntimespan: 1m\ngroup-by: [who]\naliases: {who: {failed: User}}",
      "sigma/bad-correlation 25:19",
    ],
  ];
  test.each(cases)("%j", (body, problem) => {
    const text = `${BASE}---\ntitle: c\nid: c1\nname: c\ncorrelation:\n${body.replaceAll(/^/gm, "  ")}\n`;
    const { problems, rules, correlations } = loadSigma([{ path: "c.yml", text }]);
    expect(problems.map(({ code, place }) => `${code} ${place.line}:${place.column}`)).toEqual([problem]);
    expect([rules.length, correlations.length]).toEqual([3, 0]);
  });
});
