import { describe, expect, test } from "vitest";
import { ecsSchema } from "../catalog/index.ts";
import { Detector, makeAlert, type RuleMatch, type RunnableRule } from "../detect/index.ts";
import type { EventDocument } from "../eql/index.ts";
import { loadElastic, looksElastic, type ElasticRules } from "./index.ts";

const load = (text: string, path = "rule.toml", indicators?: readonly EventDocument[]): ElasticRules =>
  loadElastic([{ path, text }], { schema: ecsSchema(), today: "2026-01-31", ...(indicators === undefined ? {} : { indicators }) });

/** A rule of the API with what is given. */
const rule = (over: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  rule_id: "r1",
  name: "A rule",
  type: "query",
  language: "kuery",
  query: "process.name:a.exe",
  severity: "low",
  risk_score: 21,
  ...over,
});

const json = (...objects: readonly unknown[]): string => objects.map((object) => JSON.stringify(object)).join("\n");

function run(rules: readonly RunnableRule[], events: readonly EventDocument[]): RuleMatch[] {
  const matches: RuleMatch[] = [];
  const detector = new Detector(rules, { compile: { schema: ecsSchema(), now: Date.now() }, onMatch: (match) => matches.push(match) });
  events.forEach((event, line) =>
    detector.push({
      event: { "@timestamp": `2026-01-31T10:00:${String(line).padStart(2, "0")}Z`, ...event },
      source: "test",
      place: { file: "log", line: line + 1 },
    }),
  );
  detector.finish();
  return matches;
}

/** Lines of the events that the rules alert on. */
const found = (rules: readonly RunnableRule[], events: readonly EventDocument[]): number[] =>
  run(rules, events).map(({ events: matched }) => matched.at(-1)!.place.line! - 1);

const a = { process: { name: "a.exe" } };
const b = { process: { name: "b.exe" } };

describe("where rules come from", () => {
  test("TOML: the rule's table, its ATT&CK, and a query's mistake at its place", () => {
    const toml = `[metadata]\nmaturity = "production"\n\n[rule]\nrule_id = "t1"\nname = "T"\ntype = "eql"\nlanguage = "eql"\nseverity = "high"\nrisk_score = 73\nquery = '''\nprocess where process.name == "a.exe"\n'''\n\n[[rule.threat]]\nframework = "MITRE ATT&CK"\n[rule.threat.tactic]\nid = "TA0002"\nname = "Execution"\n[[rule.threat.technique]]\nid = "T1059"\nname = "Command and Scripting Interpreter"\n[[rule.threat.technique.subtechnique]]\nid = "T1059.001"\nname = "PowerShell"\n`;
    const { rules, problems } = load(toml);
    expect(problems).toEqual([]);
    expect(rules[0]).toMatchObject({
      key: "t1",
      severity: "high",
      riskScore: 73,
      language: "eql",
      threat: [{ tactic: { id: "TA0002" }, technique: { id: "T1059", subtechnique: { id: "T1059.001", name: "PowerShell" } } }],
    });
    expect(found(rules, [{ event: { category: "process" }, ...a }, a])).toEqual([0]);
    const bad = load(toml.replace('== "a.exe"', '== "a.exe" and and true'));
    expect(bad.rules).toEqual([]);
    expect(bad.problems).toMatchObject([{ severity: "error", rule: "t1", place: { file: "rule.toml", line: 12 } }]);
  });

  test("TOML that cannot be read is a problem at its place", () => {
    expect(load("[rule]\nname = \n").problems).toMatchObject([{ code: "elastic/bad-toml", place: { line: 2 } }]);
  });

  test("an export of Kibana's: a rule a line, exceptions, and the line that counts; one bad line costs no other", () => {
    const text = `${json(rule({ exceptions_list: [{ list_id: "l1" }] }))}\nnot json\n${json({ list_id: "l1", name: "List", type: "detection" }, { list_id: "l1", type: "simple", entries: [{ field: "user.name", operator: "included", type: "match", value: "svc" }] }, { exported_count: 3 })}`;
    const { rules, problems } = load(text, "export.ndjson");
    expect(problems).toMatchObject([{ code: "elastic/bad-json", place: { line: 2 } }]);
    expect(found(rules, [a, { ...a, user: { name: "svc" } }, b])).toEqual([0]);
  });

  test("an answer of the API, as a list or with `data`; the same id twice is run once", () => {
    for (const text of [JSON.stringify([rule({}), rule({})]), JSON.stringify({ data: [rule({}), rule({})] }, null, 2)]) {
      const { rules, problems } = load(text, "rules.json");
      expect(rules.map(({ key }) => key)).toEqual(["r1"]);
      expect(problems).toMatchObject([{ code: "elastic/duplicate", severity: "warning" }]);
    }
  });

  test("a bare query has the file's name", () => {
    const { rules } = load('process where process.name == "a.exe"', "hunts/admin shares.eql");
    expect(rules).toMatchObject([{ key: "admin shares", name: "admin shares", severity: "medium" }]);
  });

  test("rules are distinguished from other files by content", () => {
    expect(looksElastic({ path: "x", text: json(rule({})) })).toBe(true);
    expect(looksElastic({ path: "x", text: '[metadata]\na = 1\n\n[rule]\nname = "x"\n' })).toBe(true);
    expect(looksElastic({ path: "pyproject.toml", text: '[project]\nname = "x"\n' })).toBe(false);
    expect(looksElastic({ path: "log.ndjson", text: '{"@timestamp":"2026-01-01T00:00:00Z"}\n' })).toBe(false);
    expect(looksElastic({ path: "x.eql", text: "any where true" })).toBe(true);
  });

  test("deprecated and disabled rules do not run and are counted", () => {
    expect(load(`[metadata]\nmaturity = "deprecated"\n[rule]\nname = "x"\ntype = "query"\nquery = "*"\n`)).toMatchObject({
      rules: [],
      inactive: 1,
    });
    expect(load(json(rule({ enabled: false })), "x.ndjson")).toMatchObject({ rules: [], inactive: 1 });
  });

  test("what does not run is named with its reason", () => {
    const text = json(
      rule({ rule_id: "ml", type: "machine_learning", query: undefined, language: undefined }),
      rule({ rule_id: "lucene", language: "lucene", query: "process.name:cmd~" }),
      rule({ rule_id: "none", query: undefined }),
      rule({ rule_id: "bad", type: "what" }),
      rule({ rule_id: "match", type: "threat_match", threat_mapping: [{ entries: [{ field: "a", value: "b", type: "mapping" }] }] }),
      rule({ rule_id: "filter", filters: [{ query: { fuzzy: { a: "b" } } }] }),
      rule({ rule_id: "kql", query: "process.name:" }),
    );
    const { rules, problems } = load(text, "x.ndjson");
    expect(rules).toEqual([]);
    expect(problems.map(({ rule: id, code, severity, place }) => [id, code, severity, place.line])).toEqual([
      ["ml", "elastic/machine-learning", "error", 1],
      ["lucene", "lucene/not-supported", "error", 2],
      ["none", "elastic/no-query", "error", 3],
      ["bad", "elastic/bad-rule", "error", 4],
      ["match", "elastic/no-indicators", "error", 5],
      ["filter", "elastic/filter", "error", 6],
      ["kql", "kql/missing-value", "error", 7],
    ]);
  });
});

describe("what changes what is found", () => {
  const one = (over: Readonly<Record<string, unknown>>): readonly RunnableRule[] => {
    const { rules, problems } = load(json(rule(over)), "x.ndjson");
    expect(problems).toEqual([]);
    return rules;
  };

  test("filters: negated, disabled, wildcards without case, terms, ranges, bool", () => {
    const file = (path: string): EventDocument => ({ ...a, file: { path } });
    const wildcard = {
      meta: { negate: true },
      query: { wildcard: { "file.path": { case_insensitive: true, value: "?:\\\\Windows\\\\*" } } },
    };
    expect(found(one({ filters: [wildcard] }), [a, file("c:\\windows\\x"), file("c:\\temp\\x")])).toEqual([0, 2]);
    expect(found(one({ filters: [{ meta: { disabled: true }, query: { match_none: {} } }] }), [a])).toEqual([0]);
    const bool = {
      query: {
        bool: {
          should: [{ term: { "user.name": "x" } }, { terms: { "user.name": ["y", "z"] } }],
          must_not: { exists: { field: "file.path" } },
        },
      },
    };
    const user = (name: string): EventDocument => ({ ...a, user: { name } });
    expect(found(one({ filters: [bool] }), [a, user("x"), user("z"), user("X"), { ...user("y"), file: { path: "p" } }])).toEqual([1, 2]);
    const range = { query: { range: { "destination.port": { gte: 10, lt: 20 } } } };
    const port = (number: number): EventDocument => ({ ...a, destination: { port: number } });
    expect(found(one({ filters: [range] }), [port(9), port(10), port(19), port(20)])).toEqual([1, 2]);
  });

  test("exceptions: all entries of an item together, operators, expiry, and in every event of a sequence", () => {
    const item = (entries: readonly unknown[], expire?: string): unknown => ({
      list_id: "l",
      type: "simple",
      entries,
      expire_time: expire,
    });
    const of = (over: Readonly<Record<string, unknown>>, ...items: readonly unknown[]): readonly RunnableRule[] =>
      load(json(rule({ exceptions_list: [{ list_id: "l" }], ...over }), ...items), "x.ndjson").rules;
    const user = (name: string, host = "h"): EventDocument => ({ ...a, user: { name }, host: { name: host } });
    const both = item([
      { field: "user.name", operator: "included", type: "match_any", value: ["x", "y"] },
      { field: "host.name", operator: "excluded", type: "wildcard", value: "dc*" },
    ]);
    expect(found(of({}, both), [user("x"), user("y", "dc1"), user("z")])).toEqual([1, 2]);
    const expired = item([{ field: "user.name", operator: "included", type: "exists" }], "2026-01-30T00:00:00Z");
    expect(found(of({}, expired), [user("x")])).toEqual([0]);
    const sequence = {
      type: "eql",
      language: "eql",
      query: 'sequence [any where process.name == "a.exe"] [any where process.name == "b.exe"]',
    };
    const noHost = item([{ field: "host.name", operator: "included", type: "match", value: "lab" }]);
    expect(found(of(sequence, noHost), [user("x", "lab"), b])).toEqual([]);
    expect(found(of(sequence, noHost), [user("x"), b])).toEqual([1]);
  });

  test("an exception list that is missing, or a value list, is reported and the rule runs", () => {
    const missing = load(json(rule({ exceptions_list: [{ list_id: "elsewhere" }] })), "x.ndjson");
    expect(missing.rules.length).toBe(1);
    expect(missing.problems).toMatchObject([{ code: "elastic/exceptions-missing", severity: "warning", rule: "r1" }]);
    const entries = [{ field: "user.name", operator: "included", type: "list", list: { id: "v", type: "keyword" } }];
    const list = load(json(rule({ exceptions_list: [{ list_id: "l" }] }), { list_id: "l", type: "simple", entries }), "x.ndjson");
    expect(list.problems).toMatchObject([{ code: "elastic/exception", severity: "warning" }]);
    expect(found(list.rules, [a])).toEqual([0]);
  });

  test("a threshold, in the shape of either file, within its look-back", () => {
    for (const field of ["user.name", ["user.name"]]) {
      const rules = one({ type: "threshold", from: "now-10s", threshold: { field, value: 2, cardinality: [] } });
      const event = { ...a, user: { name: "x" } };
      expect(run(rules, [event, a, event]).map(({ keys, count }) => [keys, count])).toEqual([[["x"], 2]]);
      expect(run(rules, [event, ...Array.from({ length: 10 }, () => b), event])).toEqual([]);
    }
  });

  test("new terms, in the shape of either file", () => {
    for (const over of [
      { new_terms_fields: ["user.name"], history_window_start: "now-7d" },
      {
        new_terms: {
          field: "new_terms_fields",
          value: ["user.name"],
          history_window_start: [{ field: "history_window_start", value: "now-7d" }],
        },
      },
    ]) {
      const user = (name: string): EventDocument => ({ ...a, user: { name } });
      expect(found(one({ type: "new_terms", ...over }), [user("x"), user("x"), user("y"), b])).toEqual([0, 2]);
    }
  });

  test("Lucene's syntax, of the query and of the threat query", () => {
    const [lucene] = one({ language: "lucene", query: "process.name:/[ab].exe/ AND NOT process.name:b*" });
    expect(lucene!.language).toBe("lucene");
    expect(found([lucene!], [a, b])).toEqual([0]);
    const threat = { type: "threat_match", query: "*", threat_query: "event.module:(ti_x OR ti_y)", threat_language: "lucene" };
    const mapping = [{ entries: [{ field: "destination.ip", value: "threat.indicator.ip", type: "mapping" }] }];
    const indicators = ["ti_x", "other"].map((module, at) => ({ event: { module }, threat: { indicator: { ip: `192.0.2.${at}` } } }));
    const { rules } = load(json(rule({ ...threat, threat_mapping: mapping })), "x.ndjson", indicators);
    expect(found(rules, [{ destination: { ip: "192.0.2.0" } }, { destination: { ip: "192.0.2.1" } }])).toEqual([0]);
  });

  test("ES|QL: rows of events alert with what was computed, rows of groups with their latest events", () => {
    const esql = (query: string): readonly RunnableRule[] => one({ type: "esql", language: "esql", query });
    const [event] = run(esql('from x | where process.name == "a.exe" | eval size = length(process.name)'), [b, a]);
    expect([event!.events.length, event!.events[0]!.place.line, event!.row]).toEqual([1, 2, { size: 5 }]);
    const [group, ...others] = run(esql("from x | stats n = count(*) by process.name | where n > 1"), [b, a, a]);
    expect([others, group!.events.map((found) => found!.place.line), group!.row]).toEqual([[], [2, 3], { n: 2, "process.name": "a.exe" }]);
    expect(run(esql('from x | where process.name == "z" | stats n = count(*)'), [a])).toEqual([]);
  });

  test("ES|QL that asks a language model, or names what there is not, does not run", () => {
    const { rules, problems } = load(
      json(
        rule({ rule_id: "a", type: "esql", language: "esql", query: "from x | completion y = z" }),
        rule({ rule_id: "b", type: "esql", language: "esql", query: "from x | stats n = count(*) | where m > 1" }),
      ),
      "x.ndjson",
    );
    expect(rules).toEqual([]);
    expect(problems.map(({ rule: id, code }) => [id, code])).toEqual([
      ["a", "esql/not-supported"],
      ["b", "esql/unknown-column"],
    ]);
  });

  test("threat indicators: those that the threat query selects; entries of one mapping hold together", () => {
    const indicators: readonly EventDocument[] = [
      { event: { module: "ti_x" }, threat: { indicator: { ip: "192.0.2.1", port: 80 } } },
      { event: { module: "ti_x" }, threat: { indicator: { ip: "192.0.2.2", port: 443 } } },
      { event: { module: "other" }, threat: { indicator: { ip: "192.0.2.3", port: 80 } } },
    ];
    const of = (entries: readonly unknown[]): readonly RunnableRule[] =>
      load(
        json(rule({ type: "threat_match", query: "*", threat_query: "event.module:ti_*", threat_mapping: [{ entries }] })),
        "x.ndjson",
        indicators,
      ).rules;
    const ip = { field: "destination.ip", value: "threat.indicator.ip", type: "mapping" };
    const port = { field: "destination.port", value: "threat.indicator.port", type: "mapping" };
    const to = (address: string, number: number): EventDocument => ({ destination: { ip: address, port: number } });
    const events = [to("192.0.2.1", 80), to("192.0.2.2", 80), to("192.0.2.3", 80), b];
    expect(found(of([ip]), events)).toEqual([0, 1]);
    expect(found(of([ip, port]), events)).toEqual([0]);
  });

  test("the category in another field", () => {
    const rules = one({
      type: "eql",
      language: "eql",
      query: 'start where process.name == "a.exe"',
      event_category_override: "event.type",
    });
    expect(
      found(rules, [
        { ...a, event: { type: "start" } },
        { ...a, event: { category: "start" } },
      ]),
    ).toEqual([0]);
  });

  test("severity, score and name from the event", () => {
    const rules = one({
      severity_mapping: [
        { field: "event.outcome", operator: "equals", value: "failure", severity: "high" },
        { field: "user.name", operator: "equals", value: "root", severity: "critical" },
      ],
      risk_score_mapping: [{ field: "event.risk_score", operator: "equals", value: "" }],
      rule_name_override: "message",
    });
    const [plain, failure, root] = run(rules, [
      a,
      { ...a, event: { outcome: "failure", risk_score: 88 }, message: "Named" },
      { ...a, event: { outcome: "failure" }, user: { name: "root" } },
    ]).map((match) => makeAlert(match, "id"));
    expect(plain).toMatchObject({ title: "A rule", rule: { severity: "low", riskScore: 21 } });
    expect(failure).toMatchObject({ title: "Named", rule: { severity: "high", riskScore: 88 } });
    expect(root).toMatchObject({ rule: { severity: "critical", riskScore: 21 } });
  });

  test("suppression and building blocks", () => {
    const [suppressed] = one({
      alert_suppression: { group_by: ["user.name"], duration: { unit: "h", value: 6 }, missing_fields_strategy: "suppress" },
    });
    expect(suppressed!.dedup).toEqual({ fields: ["user.name"], windowMs: 21_600_000 });
    const [perRun] = one({ alert_suppression: { group_by: ["user.name"] }, interval: "10m" });
    expect(perRun!.dedup).toEqual({ fields: ["user.name"], windowMs: 600_000 });
    expect(one({ building_block_type: "default" })[0]!.kind).toBe("building_block");
  });
});
