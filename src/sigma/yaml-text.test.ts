import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { yamlText } from "./yaml-text.ts";

const BREAKS = ["\n", "\r", "\u000b", "\u000c", "\u0085", "\u2028", "\u2029", "\0", "\ufeff", "\ud800"];

test.each(BREAKS.map((char) => [JSON.stringify(char), char]))("%s ends no line", (_, char) => {
  const value = { title: `a${char}enabled: true${char}  b: c`, [`key${char}enabled`]: "x", last: 1 };
  const text = yamlText(value);
  expect(Object.keys(parse(text) as object)).toEqual(Object.keys(value));
  // Every line that any reader may see is one of ours.
  const lines = text.split(/[\n\r\u000b\u000c\u0085\u2028\u2029]/);
  expect(lines.filter((line) => line.startsWith("enabled"))).toEqual([]);
});

const text = fc.oneof(
  fc
    .array(fc.constantFrom("a", " ", ": ", "- ", "#", "'", '"', "\\", "yes", "1:20", "---", "...", "|", "\t", ...BREAKS), { maxLength: 8 })
    .map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

test("every text is read back as it was", () => {
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text))), (value) => {
      expect(parse(yamlText(value))).toEqual({ ...value });
    }),
    {
      numRuns: 500,
    },
  );
});

const hasPyYaml = spawnSync("python3", ["-c", "import yaml"]).status === 0;
test.skipIf(!hasPyYaml)("a reader of YAML 1.1 reads the same (needs python3 with PyYAML)", () => {
  const values = fc.sample(fc.dictionary(text, fc.oneof(text, fc.array(text))), { numRuns: 400, seed: 7 });
  const script = "import json, sys, yaml\nprint(json.dumps([yaml.safe_load(text) for text in json.load(sys.stdin)]))";
  const answer = spawnSync("python3", ["-c", script], { input: JSON.stringify(values.map((value) => yamlText(value))), encoding: "utf8" });
  expect(answer.stderr).toBe("");
  expect(JSON.parse(answer.stdout)).toEqual(values.map((value) => ({ ...value })));
});
