import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter, mergedParts, type WildcardPart } from "../eql/index.ts";
import { loadSigma } from "./index.ts";
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

const mutated: fc.Arbitrary<string> = fc
  .array(fc.record({ at: fc.nat(SEED.length), drop: fc.nat(6), put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((edits) => edits.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), SEED));

test("whatever a file holds, reading it ends with rules and problems that have a place", () => {
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string({ maxLength: 200 })), (text) => {
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
