import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUnsupported } from "../../../eql/index.ts";
import { commonPcre } from "../../regex/pcre-subset.ts";
import { engine, flags, source, text } from "../../testing/pcre.ts";
import { pythonRegex } from "./python-regex.ts";

interface Question {
  readonly source: string;
  readonly flags: string;
  readonly value: string;
  readonly found: boolean;
}

/** What Python makes of an expression; null where it or the engine has no such expression. */
function question(of: string, letters: string, value: string): Question | null {
  const found = engine(of, letters, value);
  const pcre = commonPcre(of, letters);
  if (found === null || isUnsupported(pcre)) return null;
  const regex = pythonRegex(pcre);
  return isUnsupported(regex) ? null : { ...regex, value, found };
}

/** The questions that Python answers otherwise than the engine. */
function differing(questions: readonly Question[]): unknown {
  const script = `import json,re,sys
wrong=[]
for one in json.load(sys.stdin):
  try: got=bool(re.compile(one["source"],eval(one["flags"])).search(one["value"]))
  except re.error as e: got=str(e)
  if got!=one["found"]: wrong.append([one,got])
print(json.dumps(wrong[:5]))`;
  const answer = spawnSync("python3", ["-c", script], { input: JSON.stringify(questions), encoding: "utf8" });
  expect(answer.stderr).toBe("");
  return JSON.parse(answer.stdout);
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("Python finds what the engine finds (needs python3)", () => {
  test("with random expressions", () => {
    const questions: Question[] = [];
    fc.assert(
      fc.property(source, flags, text, (of, letters, value) => {
        const one = question(of, letters, value);
        if (one !== null) questions.push(one);
      }),
      { numRuns: 4000 },
    );
    expect(differing(questions)).toEqual([]);
    expect(questions.length).toBeGreaterThan(1000);
  });

  test("where letters outside ASCII have two cases, and sets and word boundaries are ASCII's", () => {
    const values = ["é", "É", "aé", "éa", "a é", "-É-", "\u0661", "1é", "é\u00a0", "é ", "\u2028é", "é\u0085"];
    const sources = [
      "\\bé",
      "é\\b",
      "\\Bé",
      "é\\w",
      "\\wé",
      "\\dé|\\d",
      "é\\s",
      "[\\w-]é",
      "é[^\\w]",
      "(?i:\\bé)",
      "é\\z",
      "\\x{2028}é",
      "[\\x{85}]|é$",
    ];
    const questions = sources.flatMap((of) =>
      ["i", "", "is"].flatMap((letters) => values.flatMap((value) => question(of, letters, value) ?? [])),
    );
    expect(questions.length).toBeGreaterThan(300);
    expect(differing(questions)).toEqual([]);
  });
});

test("a class of both is reported", () => {
  const pcre = commonPcre("[\\wé]", "i");
  expect("source" in pcre && pythonRegex(pcre)).toHaveProperty("unsupported");
});
