import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { compileFilter, NOWHERE, parse, type EventQuery, type Expr, type Query, type WildcardPart } from "../../../eql/index.ts";
import * as random from "../../testing/arbitrary.ts";
import { elasticEql } from "./elastic-eql.ts";
import { metadata } from "../../testing/sample-rule.ts";
import { esql } from "./esql.ts";
import { kibanaRule } from "./kibana-rule.ts";
import { KIBANA_EQL_RULE, KIBANA_ESQL_RULE, KIBANA_EXCEPTION_ITEM, KIBANA_EXCEPTION_LIST, KIBANA_LINE } from "./kibana-schema.ts";
import type { RuleMetadata, Translation } from "../../translation.ts";

const SEQUENCE = "sequence by host.id with maxspan=1m [process where true] [file where true]";

function queryOf(text: string): Query {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return query!;
}

function translate(text: string, changes: Partial<RuleMetadata> = {}): Translation {
  return kibanaRule.translate({ query: queryOf(text), metadata: { ...metadata, ...changes }, fields: new Map() });
}

const linesOf = (made: Translation): unknown[] =>
  made.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
const ruleOf = (made: Translation): z.infer<typeof KIBANA_EQL_RULE> => KIBANA_EQL_RULE.parse(linesOf(made)[0]);
const said = (made: Translation): string[] => made.losses.map(({ effect, reason }) => `${effect}: ${reason}`);

describe("a rule", () => {
  const made = translate('process where process.name : "a*"');
  const rule = ruleOf(made);

  test("has what an import needs, and what the metadata says", () => {
    expect(rule).toMatchObject({
      rule_id: metadata.uuid,
      version: 10_203,
      type: "eql",
      query: 'process where process.name : "a*"',
      index: ["logs-endpoint.events.process-*", "winlogbeat-*"],
      interval: "5m",
      from: "now-9m",
      severity: "high",
      risk_score: 73,
      enabled: false,
      timestamp_override: "event.ingested",
      related_integrations: [{ package: "endpoint", version: "^8.2.0" }],
      required_fields: [{ name: "process.name", type: "keyword" }],
      investigation_fields: { field_names: ["host.name", "process.name"] },
      alert_suppression: { group_by: ["host.name", "process.name"], duration: { value: 1, unit: "h" } },
      note: metadata.guide,
      setup: metadata.setup,
    });
    expect(rule).not.toHaveProperty("building_block_type");
  });

  test("names its techniques with their pages", () => {
    expect(rule.threat).toEqual([
      {
        framework: "MITRE ATT&CK",
        tactic: { id: "TA0008", name: "Lateral Movement", reference: "https://attack.mitre.org/tactics/TA0008/" },
        technique: [
          {
            id: "T1021",
            name: "Remote Services",
            reference: "https://attack.mitre.org/techniques/T1021/",
            subtechnique: [
              { id: "T1021.002", name: "SMB/Windows Admin Shares", reference: "https://attack.mitre.org/techniques/T1021/002/" },
            ],
          },
        ],
      },
    ]);
  });

  test("brings its exceptions as a list", () => {
    const [, list, item, ...more] = linesOf(made);
    expect(more).toEqual([]);
    expect(KIBANA_EXCEPTION_LIST.parse(list).list_id).toBe(rule.exceptions_list[0]!.list_id);
    expect(KIBANA_EXCEPTION_ITEM.parse(item)).toMatchObject({
      list_id: rule.exceptions_list[0]!.list_id,
      expire_time: "2027-01-31T23:59:59.999Z",
      entries: [
        { field: "source.ip", type: "match", value: "10.0.0.1" },
        { field: "user.name", type: "wildcard", value: "svc-*" },
        { field: "process.name", type: "match_any", value: ["tool.exe", "tool2.exe"] },
      ],
    });
  });

  test("may be a building block, a hunt, without exceptions and suppression", () => {
    const plain = translate("any where true", {
      kind: "building_block",
      exceptions: [],
      suppression: null,
      severity: "informational",
      guide: "",
      setup: "",
      license: "",
    });
    expect(linesOf(plain)).toHaveLength(1);
    expect(ruleOf(plain)).toMatchObject({ building_block_type: "default", severity: "low", exceptions_list: [] });
    expect(plain.losses).toEqual([]);
  });

  test("of the user's own fields", () => {
    const own = kibanaRule.translate({
      query: queryOf('sequence by host.id [any where process.name == "a"] by user.id [any where true] by user.id'),
      metadata,
      fields: new Map([
        ["process.name", "image"],
        ["user.id", "sid"],
      ]),
    });
    expect(ruleOf(own).query).toBe('sequence by host.id\n  [any where image == "a"] by sid\n  [any where true] by sid');
  });
});

describe("what is lost is named", () => {
  test("values of several wildcards are an item each, up to a point", () => {
    const values = (n: number): string[] => Array.from({ length: n }, (_, i) => `C:\\x${i}\\*`);
    const exception = {
      ...metadata.exceptions![0]!,
      conditions: [
        { field: "a", values: [...values(3), "plain"] },
        { field: "b", values: values(2) },
      ],
    };
    const made = translate("any where true", { exceptions: [exception] });
    const items = linesOf(made)
      .slice(2)
      .map((line) => KIBANA_EXCEPTION_ITEM.parse(line));
    expect(items).toHaveLength(8);
    expect(items[2]!.entries[0]).toMatchObject({ type: "wildcard", value: String.raw`C:\\x0\\*` });
    const many = translate("any where true", {
      exceptions: [
        {
          ...exception,
          conditions: [
            { field: "a", values: values(8) },
            { field: "b", values: values(8) },
          ],
        },
      ],
    });
    expect(linesOf(many)).toHaveLength(1);
    expect(said(many)).toEqual([
      "exact: The exception `known-tool` has too many combinations of wildcards for Kibana and is left out: it alerts there",
    ]);
  });

  test("a look-back that is too short for the sequence", () => {
    expect(said(translate(SEQUENCE, { exceptions: [], suppression: null }))).toEqual([]);
    expect(said(translate(SEQUENCE, { exceptions: [], suppression: null, lookback: 330 }))).toEqual([
      "narrower: A run looks back 330s; with an interval of 5m this maxspan needs 6m",
    ]);
    expect(said(translate("sequence [any where true] [any where true]", { exceptions: [], suppression: null }))[0]).toMatch(
      /^narrower: Without a maxspan/,
    );
  });

  test("suppression of sequences, and by more than three fields", () => {
    expect(said(translate(SEQUENCE, { exceptions: [] }))).toEqual([
      "exact: Kibana suppresses alerts of sequences only behind a feature flag: every alert is shown",
    ]);
    const fields = ["a", "b", "c", "d"];
    expect(said(translate("any where true", { exceptions: [], suppression: { fields, window: 60 } }))[0]).toMatch(
      /three fields at most, and these are 4/,
    );
  });

  test.each(["any where process.name == process.parent.name", 'any where process.pid : "a"', "join [any where true] [any where true]"])(
    "%s is refused by Elasticsearch",
    (text) => {
      const made = translate(text);
      expect(made.text).toBe("");
      expect(said(made).some((loss) => loss.startsWith("untranslatable: Elasticsearch refuses this: "))).toBe(true);
    },
  );
});

describe("the schema", () => {
  test.each([
    ["a key of ours", { tocsin: 1 }],
    ["a bad severity", { severity: "informational" }],
    ["no version", { version: undefined }],
    ["a bad id", { rule_id: "B1" }],
    [
      "four fields of suppression",
      { alert_suppression: { group_by: ["a", "b", "c", "d"], duration: { value: 1, unit: "h" }, missing_fields_strategy: "suppress" } },
    ],
    ["days", { interval: "1d" }],
  ])("refuses %s", (_, change) => {
    const rule = JSON.parse(JSON.stringify({ ...ruleOf(translate("any where true")), ...change })) as unknown;
    expect(KIBANA_LINE.safeParse(rule).success).toBe(false);
  });

  test("is JSON Schema too", () => {
    expect(z.toJSONSchema(KIBANA_LINE, { io: "input" })).toMatchObject({ anyOf: [{ additionalProperties: false }, {}, {}, {}] });
  });
});

test("a rule of ES|QL", () => {
  const { text, files } = esql.translate({ query: queryOf("any where true"), metadata, fields: new Map() });
  const [line] = files[0]!.text.split("\n");
  expect(KIBANA_ESQL_RULE.parse(JSON.parse(line!))).toMatchObject({ type: "esql", query: text.trimEnd() });
  expect(esql.translate({ query: queryOf(SEQUENCE), metadata, fields: new Map() }).files).toEqual([]);
});

describe("what only Sigma can express is written differently", () => {
  const span = NOWHERE;
  const parts: fc.Arbitrary<WildcardPart[]> = fc.array(
    fc.oneof(
      fc.constantFrom<WildcardPart>({ kind: "any" }, { kind: "one" }),
      random.text.filter((t) => t !== "").map((text): WildcardPart => ({ kind: "literal", text })),
    ),
    { maxLength: 3 },
  );
  const match: fc.Arbitrary<Expr> = fc
    .record({ insensitive: fc.boolean(), patterns: fc.array(parts, { minLength: 1, maxLength: 3 }) })
    .map(({ insensitive, patterns }) => ({
      kind: "match",
      span,
      op: "like",
      insensitive,
      value: { kind: "field", span, name: "process.name", optional: false, index: null },
      list: true,
      patterns: patterns.map((one) => ({ kind: "wildcard", span, parts: merged(one), form: "quoted" })),
    }));

  test("literal wildcards", () => {
    let rewritten = 0;
    fc.assert(
      fc.property(match, fc.array(random.event, { minLength: 1, maxLength: 8 }), (condition, events) => {
        const query: EventQuery = { kind: "event", span, filter: { span, category: null, condition }, pipes: [], comments: [] };
        const losses: unknown[] = [];
        const text = elasticEql(query, new Map(), (loss) => losses.push(loss));
        expect(losses).toEqual([]);
        if (text!.includes("regex")) rewritten++;
        const back = queryOf(text!) as EventQuery;
        const [before, after] = [compileFilter(query.filter), compileFilter(back.filter)];
        for (const event of events) expect(after(event), text!).toBe(before(event));
      }),
      { numRuns: 1000 },
    );
    expect(rewritten).toBeGreaterThan(20);
  });

  test.each([
    ["a.c", "", true],
    ["^a|b", "", false],
    ["(?i)^[a-c]+$", "", true],
    ["a(?=b)", "", false],
    [String.raw`\bnet\b`, "", false],
    [String.raw`\\admin\$`, "i", true],
  ])("the expression %s", (source, flags, said) => {
    const condition: Expr = {
      kind: "match",
      span,
      op: "regex",
      insensitive: false,
      value: { kind: "field", span, name: "process.name", optional: false, index: null },
      list: false,
      patterns: [{ kind: "regex", span, source, flavour: "pcre", flags, form: "quoted" }],
    };
    const query: EventQuery = { kind: "event", span, filter: { span, category: null, condition }, pipes: [], comments: [] };
    const text = elasticEql(query, new Map(), () => {});
    if (!said) expect(text).toBeNull();
    else {
      const back = queryOf(text!) as EventQuery;
      const [before, after] = [compileFilter(query.filter), compileFilter(back.filter)];
      for (const name of ["a", "abc", "xaccx", "ABC", "a\nc", "cab\n", "C:\\admin$", "\\ADMIN$ x", "net", "d"])
        expect(after({ process: { name } }), `${text!} on ${name}`).toBe(before({ process: { name } }));
    }
  });
});

function merged(parts: readonly WildcardPart[]): WildcardPart[] {
  const out: WildcardPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind === "literal" && last?.kind === "literal") out[out.length - 1] = { kind: "literal", text: last.text + part.text };
    else if (part.kind !== "any" || last?.kind !== "any") out.push(part);
  }
  return out;
}
