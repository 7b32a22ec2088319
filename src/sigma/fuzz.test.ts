import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter, mergedParts, type WildcardPart } from "../eql/index.ts";
import { loadSigma, readFieldMap, readPipeline, type Pipeline } from "./index.ts";
import { parseText, printText } from "./text.ts";

const SEED = `title: t
id: i
name: n
logsource: {product: windows, category: process_creation}
detection:
  s:
    CommandLine|windash|contains|all: [' -a ', "b*\\\\*"]
    Image|re|i: '^a.*[bc]+$'
    User|expand: '%x%'
    ProcessId|gte: 4
  f: [keyword, 'an*other']
  timeframe: 5m
  condition: s and not 1 of f* | count() by User > 5
---
title: c
correlation: {type: temporal, rules: [n, n], group-by: [User], timespan: 5m, aliases: {User: {n: Image}}, condition: n and not n}
---
title: f
logsource: {product: windows}
filter: {rules: any, x: {Image: null}, condition: not x}
`;
const PIECES = [
  "|",
  ":",
  "*",
  "\\",
  "'",
  '"',
  "[",
  "]",
  "{",
  "}",
  "- ",
  "\n",
  "  ",
  "&a ",
  "*a",
  "<<: ",
  "%",
  "null",
  "re",
  "__proto__: ",
  "1 of ",
  "not ",
  "(",
  ")",
  "\u0000",
  "\ud800",
  "!!binary ",
  "? ",
  "#",
  "---\n",
  "action: repeat\n",
  "cidr",
  "base64offset",
  "9".repeat(400),
];

function mutated(seed: string, edits = 8): fc.Arbitrary<string> {
  return fc
    .array(
      fc.record({ at: fc.nat(seed.length), drop: fc.nat(6), put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })) }),
      {
        minLength: 1,
        maxLength: edits,
      },
    )
    .map((made) => made.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), seed));
}

test("whatever a file holds, reading it ends with rules and problems that have a place", () => {
  fc.assert(
    fc.property(fc.oneof(mutated(SEED), fc.string({ maxLength: 200 })), (text) => {
      const { rules, problems } = loadSigma([{ path: "f.yml", text }]);
      for (const { place } of problems) expect(place.line >= 1 && place.column >= 1).toBe(true);
      for (const rule of rules)
        compileFilter(rule.query.filter)({
          event: { code: "1", provider: "Microsoft-Windows-Sysmon" },
          process: { command_line: "a -a b", executable: "x" },
        });
      if (rules.length === 0 && text.trim() !== "") expect(problems.length > 0 || /^[\s\-.#%]|action|^\ufeff/.test(text)).toBe(true);
    }),
    { numRuns: 1_500 },
  );
});

const PIPELINE = `name: p
priority: 10
vars: {x: [root, 'adm*'], y: 1}
transformations:
  - {id: a, type: field_name_mapping, mapping: {Image: [p.exe, q], null: raw, CommandLine: cmd}}
  - {type: field_name_prefix_mapping, mapping: {P: r.}, rule_conditions: [{type: logsource, product: windows}], rule_cond_op: or}
  - {type: replace_string, regex: '(a+)\\\\?(b*)', replacement: '\\2*\\1?', field_name_conditions: [{type: exclude_fields, mode: re, fields: ['^q']}]}
  - {type: map_string, mapping: {'b*': [c, 'd*']}}
  - {type: value_placeholders, include: [x]}
  - {type: add_condition, template: true, negated: true, conditions: {'k|contains': [$product, 1]}}
  - type: nest
    items:
      - {type: drop_detection_item, detection_item_conditions: {m: {type: match_string, cond: all, pattern: z}}, detection_item_cond_expr: not m}
      - {type: case, method: upper, rule_conditions: [{type: processing_item_applied, processing_item_id: a}], rule_cond_not: true}
`;
const FIELD_MAP = "Image: p.exe\nUser: [a, b.c]\nlogsources:\n  - {product: windows, condition: {kind|contains: [exec, 1]}}\n";

test("whatever a pipeline holds, rules end changed, or as problems that have a place", () => {
  expect(readPipeline({ path: "p.yml", text: PIPELINE }).problems).toEqual([]);
  expect(readFieldMap({ path: "m.yml", text: FIELD_MAP }).problems).toEqual([]);
  let read = 0;
  fc.assert(
    fc.property(mutated(PIPELINE, 2), mutated(FIELD_MAP, 2), (text, map) => {
      const pipelines: Pipeline[] = [];
      for (const { pipeline, problems } of [readPipeline({ path: "p.yml", text }), readFieldMap({ path: "m.yml", text: map })]) {
        for (const { place } of problems) expect(place.line >= 1 && place.column >= 1).toBe(true);
        expect(pipeline !== null || problems.length > 0).toBe(true);
        if (pipeline !== null) pipelines.push(pipeline);
      }
      read += pipelines.length;
      const { rules, problems } = loadSigma([{ path: "f.yml", text: SEED }], { pipelines });
      for (const { place } of problems) expect(place.line >= 1 && place.column >= 1).toBe(true);
      expect(rules.length + problems.length).toBeGreaterThan(0);
      for (const rule of rules) compileFilter(rule.query.filter)({ p: { exe: "x" }, cmd: "a -a b" });
    }),
    { numRuns: 400 },
  );
  expect(read).toBeGreaterThan(50);
});

test("a printed text is read as the same parts", () => {
  const literal = fc
    .string({ unit: fc.constantFrom("a", "\\", "*", "?", "%"), minLength: 1, maxLength: 6 })
    .map((text): WildcardPart => ({ kind: "literal", text }));
  const parts = fc
    .array(fc.oneof(literal, fc.constant<WildcardPart>({ kind: "any" }), fc.constant<WildcardPart>({ kind: "one" })), { maxLength: 6 })
    .map(mergedParts);
  fc.assert(
    fc.property(parts, (found) => {
      expect(parseText(printText(found))).toEqual(found);
    }),
    { numRuns: 5_000 },
  );
});
